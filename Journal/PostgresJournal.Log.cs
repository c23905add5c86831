using Commerce.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Journal;

/// <content>Following the facts.</content>
public sealed partial class PostgresJournal
{
    /// <summary>Minimum number of appends that one filtered read covers; it bounds a read that finds nothing.</summary>
    private const int Window = 5000;

    /// <summary>Appends of a partition that one read takes into the cache.</summary>
    private const int News = 500;

    private const string ReadSql = $"""
        with seen as materialized (
            select max(position) as upto from (
                select position from journal.appends where partition = $1 and position > $2 order by position limit $5) w)
        select s.upto, a.* from seen s
        left join lateral (
            select {Rows.AppendColumns} from journal.appends
            where partition = $1 and position > $2 and position <= s.upto
                and ($4::text[] is null or string_to_array(types, ' ') && $4)
            order by position limit $3) a on true
        """;

    private const string NewsSql = $"""
        select w.id, a.* from unnest($1::smallint[], $2::bigint[]) w(id, after)
        cross join lateral (
            select {Rows.AppendColumns} from journal.appends
            where partition = w.id and position > w.after order by position limit $3) a
        order by w.id, a.position
        """;

    /// <remarks>
    /// Near the end the cache serves; a follower that lags far behind reads from the database by itself until it gets there.
    /// </remarks>
    public async Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (_tail.TryRead(partition, after, limit, types, fresh: false, out var known)) return known;
        if (_tail.Has(partition, after))
        {
            await _news.Add(partition).WaitAsync(cancel);
            if (_tail.TryRead(partition, after, limit, types, fresh: true, out known)) return known;
        }

        await _farBehind.WaitAsync(cancel);
        try
        {
            // An earlier caller may have filled the cache of this partition.
            if (_tail.TryRead(partition, after, limit, types, fresh: false, out known)) return known;
            return await ReadFarBehind(partition, after, limit, types, cancel);
        }
        finally
        {
            _farBehind.Release();
        }
    }

    private async Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> ReadFarBehind(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        var mark = _tail.Growth(partition);
        var window = types is null ? limit : Math.Max(limit, Window);
        var (facts, lookedTo, all) = await Query(() => ReadWindow(partition, after, limit, types, window, cancel), cancel);
        if (all) _tail.Saw(partition, mark, [], lookedTo);
        return facts.Count >= limit ? (facts.GetRange(0, limit), facts[limit - 1].Position) : (facts, lookedTo);
    }

    private Task ReadNews(IReadOnlyList<Pending<int, bool>> waiting) => waiting.Together(async () =>
    {
        var wanted = waiting.Select(w => w.Request).Distinct().Select(p => (Partition: p, After: _tail.End(p))).ToList();
        var marks = wanted.ToDictionary(w => w.Partition, w => _tail.Growth(w.Partition));
        var found = await Query(() => ReadNews(wanted), default);
        foreach (var (partition, after) in wanted)
        {
            var (facts, appends) = found.GetValueOrDefault(partition, ([], 0));
            _tail.Saw(partition, marks[partition], facts, appends < News ? facts.Count > 0 ? facts[^1].Position : after : null);
        }
    });

    private async Task<Dictionary<int, (List<RecordedFact> Facts, int Appends)>> ReadNews(IReadOnlyList<(int Partition, long After)> wanted)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(NewsSql, connection);
        command.Parameters.AddSmalls(wanted.Select(w => (short)w.Partition)).AddLongs(wanted.Select(w => w.After));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = News });
        await command.PrepareAsync();
        var found = new Dictionary<int, (List<RecordedFact> Facts, int Appends)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var partition = reader.GetInt16(0);
            var (facts, appends) = found.GetValueOrDefault(partition, ([], 0));
            reader.AddRecorded(facts, 1, position: 0);
            found[partition] = (facts, appends + 1);
        }

        return found;
    }

    private async Task<(List<RecordedFact> Facts, long LookedTo, bool All)> ReadWindow(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, int window, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var command = new NpgsqlCommand(ReadSql, connection);
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = (short)partition });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = limit });
        command.Parameters.Add(
            new() { Value = types is null ? DBNull.Value : types.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = window });
        await command.PrepareAsync(cancel);
        var (facts, lookedTo, appends) = (new List<RecordedFact>(), after, 0);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (reader.IsDBNull(0)) return ([], after, true);
            lookedTo = reader.GetInt64(0);
            if (reader.IsDBNull(1)) continue;
            reader.AddRecorded(facts, 1, after);
            appends++;
        }

        // There may be more wanted ones behind the last append that was given. The number of facts does not tell: of an append not all are
        // wanted, and some may have been given before.
        if (appends == limit) lookedTo = facts[^1].Position;
        if (types is not null) facts.RemoveAll(f => !types.Contains(f.Fact.Type)); // an append may have facts of several types
        return (facts, lookedTo, false);
    }

    public async Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        var facts = new List<RecordedFact>();
        await List(
            $"""
            select {Rows.AppendColumns} from journal.appends
            where entity = $1 and based_on >= coalesce(
                (select based_on from journal.appends where entity = $1 and based_on <= $2 order by based_on desc limit 1), 0)
            order by based_on limit $3
            """,
            row =>
            {
                row.AddRecorded(facts, 0, position: 0, afterVersion);
                return true;
            },
            cancel, entity.ToString(), afterVersion, (long)limit + 1); // the first one may be known already
        return facts.Count > limit ? facts.GetRange(0, limit) : facts;
    }

    public async Task<IReadOnlyList<long>> Heads(CancellationToken cancel)
    {
        var heads = await List(
            "select journal.head(p::smallint) from generate_series(0, $1) p order by p", row => row.GetInt64(0), cancel, Partitions - 1);
        _tail.Heard(heads); // followers that know these heads find all facts up to them
        return heads;
    }

    public Task Changed(CancellationToken cancel) => _signal.Changed(cancel);

    public Task Changed(int partition, CancellationToken cancel) => _signal.Changed(partition, cancel);

    public Task ChangedSoon(CancellationToken cancel)
    {
        _signal.Watched();
        return _signal.Changed(cancel);
    }

    public Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(
        DateTimeOffset until, int limit, CancellationToken cancel) => List(
        "select entity, wake_at from journal.alarms where wake_at <= $1 order by wake_at limit $2",
        row => (EntityId.Parse(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1)), cancel, until.UtcDateTime, (long)limit);

    public Task Move(EntityId entity, long version, DateTimeOffset? wakeAt) => Change(
        "select journal.move_alarm($1, $2, $3, $4::timestamptz)", default,
        (short)PartitionOf(entity), entity.ToString(), version, (object?)ArrayParameters.WakeTime(wakeAt));

    public async Task Sweep(DateTimeOffset until, CancellationToken cancel)
    {
        // A partition in which nothing was appended is not looked at.
        foreach (var (partition, head) in (await Heads(cancel)).Index())
            if (head > _swept[partition])
                _swept[partition] = (await List(
                    "select journal.sweep($1, $2)", row => row.GetInt64(0), cancel, (short)partition, until.UtcDateTime))[0];
    }

    private Task<IReadOnlyList<T>> List<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object?[] values) =>
        Query(async () =>
        {
            await using var connection = await _source.OpenConnectionAsync(cancel);
            await using var command = await Prepared(connection, sql, values, cancel);
            var rows = new List<T>();
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
            return (IReadOnlyList<T>)rows;
        }, cancel);

    private Task<int> Change(string sql, CancellationToken cancel, params object?[] values) =>
        Query(async () =>
        {
            await using var connection = await _source.OpenConnectionAsync(cancel);
            await using var command = await Prepared(connection, sql, values, cancel);
            return await command.ExecuteNonQueryAsync(cancel);
        }, cancel);

    /// <summary>The same statement again on the same connection is not parsed and planned again.</summary>
    private static async Task<NpgsqlCommand> Prepared(NpgsqlConnection connection, string sql, object?[] values, CancellationToken cancel)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(value is null
                ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }
                : new() { Value = value });
        await command.PrepareAsync(cancel);
        return command;
    }

    /// <summary>Queries that may be repeated when they fail: the caller gets an error that says that the database is away.</summary>
    private async Task<T> Query<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask();
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException or IOException && !cancel.IsCancellationRequested)
        {
            if (PostgresFailures.IsBroken(problem)) _lanes.Clear(); // else an append finds a dead connection, with an unknown outcome
            throw PostgresFailures.Unavailable(_database, problem);
        }
    }
}
