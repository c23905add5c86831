using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// Seals what a capability's journal has got since its last seal (decision 29). It follows the journal by itself: no commit waits for it.
/// Any number of processes may try; the database lets one at a time.
/// </summary>
public sealed class Sealer : IAsyncDisposable
{
    /// <summary>The most appends that one seal is about.</summary>
    private const int Block = 2000;

    private const string EndsSql = """
        select p.id, coalesce(s.upto, 0), s.head from generate_series(0, (select partitions - 1 from journal.layout)) p(id)
        left join lateral (select upto, head from journal.seals where partition = p.id order by upto desc limit 1) s on true
        """;

    private readonly NpgsqlDataSource _source;
    private readonly string _capability;
    private readonly SealKeys _keys;
    private readonly TimeProvider _clock;
    private Seal? _seen; // the last one that this process has seen

    private Sealer(NpgsqlDataSource source, string capability, SealKeys keys, TimeProvider clock) =>
        (_source, _capability, _keys, _clock) = (source, capability, keys, clock);

    /// <summary>Of a capability whose database is there already; it opens nothing yet.</summary>
    public static Sealer Of(PostgresAccounts accounts, string prefix, Capability capability, SealKeys keys, TimeProvider clock)
    {
        var options = new JournalOptions { MaxConnections = 1 };
        var database = CommerceDatabases.NameOf(prefix, capability);
        var source = PostgresConnections.ConnectJournal(accounts.Seals(capability.Name), database, options);
        return new Sealer(source, capability.Name, keys, clock);
    }

    /// <summary>
    /// Seals all that is there. Null: there was nothing new, or another process is at it; else the last seal that it made.
    /// </summary>
    /// <exception cref="SealsChangedException">Seals that this process has seen are not there any more.</exception>
    public async Task<SealMark?> Advance(CancellationToken cancel)
    {
        var (any, more) = (false, true);
        while (more)
        {
            var (made, full) = await Round(cancel);
            (any, more) = (any || made, full);
        }

        return any && _seen is not null ? SealMark.Of(_seen, _capability) : null;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<(bool Made, bool Full)> Round(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var turn = (await List(connection, "select pg_try_advisory_xact_lock(3, 0)", r => r.GetBoolean(0), cancel))[0];
        if (!turn) return (false, false);

        var last = await Last(connection, cancel);
        var ends = await List(connection, EndsSql, r => (Partition: (short)r.GetInt32(0), Upto: r.GetInt64(1), Head: HeadIn(r)), cancel);
        var (made, full) = (false, false);
        foreach (var (partition, upto, head) in ends)
        {
            var appends = await List(
                connection, $"{StoredAppend.Sql} limit {Block}", StoredAppend.Read, cancel, partition, upto);
            if (appends.Count == 0) continue;
            last = Next(last, partition, upto, head, appends);
            await Keep(connection, last, cancel);
            (made, full) = (true, full || appends.Count == Block);
        }

        await transaction.CommitAsync(cancel);
        _seen = last;
        return (made, full);
    }

    // What was sealed is not sealed again as it is now: the seals that are gone are the evidence.
    private async Task<Seal?> Last(NpgsqlConnection connection, CancellationToken cancel)
    {
        var found = await List(
            connection,
            $"""
            select {Seal.Columns} from journal.seals
            where number in ($1, (select number from journal.seals order by number desc limit 1)) order by number
            """,
            Seal.Read, cancel, _seen?.Number ?? 0L);
        if (_seen is not null && !found.Any(s => s.Number == _seen.Number && s.Signature.AsSpan().SequenceEqual(_seen.Signature)))
            throw new SealsChangedException(
                $"{_seen} of {_capability} is not there any more, or is another one. Nothing is sealed until this process is started "
                + "again: keep the databases as they are, run './commerce verify', and compare with a backup.");
        return found.Count > 0 ? found[^1] : null;
    }

    private Seal Next(Seal? last, short partition, long upto, byte[] head, IReadOnlyList<StoredAppend> appends)
    {
        var leaves = Seal.LeavesOf(appends);
        var seal = new Seal(
            (last?.Number ?? 0) + 1, partition, upto, appends[^1].Position, leaves, Seal.HeadOf(head, leaves),
            last?.Digest(_capability) ?? Seal.None, TimestampPrecision.Down(_clock.GetUtcNow()).UtcDateTime, _keys.Own, []);
        return seal with { Signature = _keys.Sign(seal.Body(_capability)) };
    }

    private static byte[] HeadIn(NpgsqlDataReader row) => row.IsDBNull(2) ? Seal.None : row.GetFieldValue<byte[]>(2);

    private static Task Keep(NpgsqlConnection connection, Seal seal, CancellationToken cancel) => List(
        connection, "select journal.seal($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", _ => true, cancel,
        seal.Number, seal.Partition, seal.After, seal.Upto, seal.Leaves, seal.Head, seal.Before, seal.At, seal.Key, seal.Signature);

    private static async Task<List<T>> List<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.All(read, cancel);
    }
}

/// <summary>Seals were taken away or exchanged while a process was running that had seen them.</summary>
public sealed class SealsChangedException(string message) : Exception(message);
