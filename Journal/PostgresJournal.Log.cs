using Commerce.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Journal;

/// <content>Following the facts.</content>
public sealed partial class PostgresJournal
{
    /// <summary>Minimum number of positions that one filtered read covers; it bounds a read that finds nothing.</summary>
    private const int Window = 5000;

    /// <summary>Facts of a partition that one read takes into the cache.</summary>
    private const int News = 500;

    private const string ReadSql = $"""
        with head as materialized (select least(position, $2::bigint + $5::bigint) as upto from journal.partitions where id = $1)
        select h.upto, f.* from head h
        left join lateral (
            select {Rows.RecordedColumns} from journal.facts
            where partition = $1 and position > $2 and position <= h.upto and ($4::text[] is null or type = any($4))
            order by position limit $3) f on true
        """;

    private const string NewsSql = $"""
        with heads as materialized (
            select w.id, w.after, least(p.position, w.after + $3::bigint) as upto
            from unnest($1::smallint[], $2::bigint[]) w(id, after) join journal.partitions p on p.id = w.id)
        select h.id, h.upto, f.* from heads h
        left join lateral (
            select {Rows.RecordedColumns} from journal.facts
            where partition = h.id and position > h.after and position <= h.upto order by position offset 0) f on true
        order by h.id, f.position
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
        long window = types is null ? limit : Math.Max(limit, Window);
        var (facts, lookedTo) = await Query(() => ReadWindow(partition, after, limit, types, window, cancel), cancel);
        if (lookedTo < after + window) _tail.Saw(partition, mark, [], lookedTo);
        return (facts, facts.Count == limit ? facts[^1].Position : Math.Max(after, lookedTo));
    }

    private Task ReadNews(IReadOnlyList<Pending<int, bool>> waiting) => waiting.Together(async () =>
    {
        var wanted = waiting.Select(w => w.Request).Distinct().Select(p => (Partition: p, After: _tail.End(p))).ToList();
        var marks = wanted.ToDictionary(w => w.Partition, w => _tail.Growth(w.Partition));
        var found = await Query(() => ReadNews(wanted), default);
        foreach (var (partition, after) in wanted)
            if (found.TryGetValue(partition, out var news))
                _tail.Saw(partition, marks[partition], news.Facts, news.UpTo < after + News ? news.UpTo : null);
    });

    private async Task<Dictionary<int, (long UpTo, List<RecordedFact> Facts)>> ReadNews(IReadOnlyList<(int Partition, long After)> wanted)
    {
        await using var connection = await _source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(NewsSql, connection);
        command.Parameters.AddSmalls(wanted.Select(w => (short)w.Partition)).AddLongs(wanted.Select(w => (long?)w.After));
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = News });
        await command.PrepareAsync();
        var found = new Dictionary<int, (long UpTo, List<RecordedFact> Facts)>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var partition = reader.GetInt16(0);
            if (!found.TryGetValue(partition, out var news)) found.Add(partition, news = (reader.GetInt64(1), []));
            if (!reader.IsDBNull(2)) news.Facts.Add(reader.Recorded(2));
        }

        return found;
    }

    private async Task<(IReadOnlyList<RecordedFact> Facts, long LookedTo)> ReadWindow(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, long window, CancellationToken cancel)
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
        var (facts, lookedTo) = (new List<RecordedFact>(), after);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            lookedTo = reader.GetInt64(0);
            if (!reader.IsDBNull(1)) facts.Add(reader.Recorded(1));
        }

        return (facts, lookedTo);
    }

    public Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel) => List(
        $"select {Rows.RecordedColumns} from journal.facts where entity = $1 and version > $2 order by version limit $3",
        row => row.Recorded(), cancel, entity.ToString(), afterVersion, (long)limit);

    public async Task<IReadOnlyList<long>> Heads(CancellationToken cancel)
    {
        var heads = await List("select position from journal.partitions order by id", row => row.GetInt64(0), cancel);
        _tail.Heard(heads); // followers that know these heads find all facts up to them
        return heads;
    }

    public Task Changed(CancellationToken cancel) => _signal.Changed(cancel);

    public Task ChangedSoon(CancellationToken cancel)
    {
        _signal.Watched();
        return _signal.Changed(cancel);
    }

    public Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(
        DateTimeOffset until, int limit, CancellationToken cancel) => List(
        "select id, wake_at from journal.entities where wake_at <= $1 order by wake_at limit $2",
        row => (EntityId.Parse(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1)), cancel, until.UtcDateTime, (long)limit);

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
