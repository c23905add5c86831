using System.Runtime.CompilerServices;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// Compares a capability's journal with its seals: positions without gaps, versions from 1 of each entity, every digest, the chains and
/// the signatures (decision 29). It reads everything once, in order, and keeps little of it.
/// </summary>
public sealed class Verification
{
    /// <summary>How long facts may be without a seal before that is a fault: far longer than a restart.</summary>
    private static readonly TimeSpan SealedWithin = TimeSpan.FromHours(1);

    private readonly NpgsqlDataSource _source;
    private readonly string _capability;
    private readonly SealKeys _keys;
    private readonly DateTimeOffset _now;
    private readonly List<JournalFault> _faults = [];
    private long _facts;
    private long _unsealed;
    private StoredAppend? _oldest; // of those without a seal

    private Verification(NpgsqlDataSource source, string capability, SealKeys keys, DateTimeOffset now) =>
        (_source, _capability, _keys, _now) = (source, capability, keys, now);

    /// <summary>Reads all of a capability's journal; the account needs to see nothing but facts and seals.</summary>
    /// <param name="keys">Those that are trusted: what the database says about its keys proves nothing.</param>
    /// <param name="now">The present time.</param>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">The database is of another version of the software.</exception>
    public static Task<VerifiedJournal> Run(
        PostgresAccounts accounts, string prefix, Capability capability, SealKeys keys, DateTimeOffset now, CancellationToken cancel)
    {
        var database = CommerceDatabases.NameOf(prefix, capability);
        var described = PostgresConnections.Describe(accounts.Journal(capability.Name), database, new JournalOptions());
        described.CommandTimeout = 0; // a journal of years takes its time
        described.Options = $"{described.Options} -c statement_timeout=0 -c default_transaction_read_only=on".Trim();
        return PostgresConnections.Guarded(database, async () =>
        {
            await using var source = NpgsqlDataSource.Create(described);
            await Schema.Check(source, database, capability, keys: null, cancel);
            return await new Verification(source, capability.Name, keys, now).All(cancel);
        });
    }

    private async Task<VerifiedJournal> All(CancellationToken cancel)
    {
        var last = await Chain(cancel);
        var known = await Number("select partitions - 1 from journal.layout", cancel);
        var highest = await Number("select coalesce(max(partition), 0) from journal.appends", cancel);
        for (var partition = 0; partition <= Math.Max(known, highest); partition++)
            await Compare((short)partition, last?.Number ?? 0, partition <= known, cancel);
        await Versions(cancel);
        if (_oldest is not null && _now - _oldest.At > SealedWithin)
            Fault(
                FaultKind.NotSealed,
                $"{_unsealed} facts, the first in {_oldest}. No process has the key to seal them, or seals were taken away");
        return new VerifiedJournal(_capability, _facts, last, _unsealed, _faults);
    }

    /// <summary>The seals by themselves; returns the last one, beyond which none is looked at.</summary>
    private async Task<SealMark?> Chain(CancellationToken cancel)
    {
        // After a fault, what it leaves open is not compared: each fault is reported once.
        var (mark, linked, complete) = ((SealMark?)null, Seal.None, true);
        var ends = new Dictionary<short, (long Upto, byte[] Head)>();
        await foreach (var seal in Read($"select {Seal.Columns} from journal.seals order by number", Seal.Read, cancel))
        {
            var next = (mark?.Number ?? 0) + 1;
            if (seal.Number != next)
            {
                Fault(FaultKind.SealMissing, Range("seal", next, seal.Number - 1));
                (linked, complete) = (null, false);
                ends.Clear();
            }

            (long Upto, byte[] Head)? end = ends.TryGetValue(seal.Partition, out var own) ? own : complete ? (0, Seal.None) : null;
            mark = SealMark.Of(seal, _capability);
            if (IsGenuine(seal, linked, end))
            {
                linked = seal.Digest(_capability);
                ends[seal.Partition] = (seal.Upto, seal.Head);
                continue;
            }

            Fault(FaultKind.SealForged, $"{seal}, signed with key {seal.Key}");
            (linked, complete) = (null, false);
            ends.Remove(seal.Partition);
        }

        return mark;
    }

    private bool IsGenuine(Seal seal, byte[]? before, (long Upto, byte[] Head)? end) =>
        _keys.HasSigned(seal.Key, seal.Body(_capability), seal.Signature)
        && (before is null || seal.Before.AsSpan().SequenceEqual(before))
        && (end is not var (upto, head)
            || (seal.After == upto && seal.Head.AsSpan().SequenceEqual(Seal.HeadOf(head, seal.Leaves))));

    /// <summary>A partition's appends with its seals.</summary>
    /// <param name="known">Whether the capability has such a partition.</param>
    private async Task Compare(short partition, long lastSeal, bool known, CancellationToken cancel)
    {
        await using var rows = Read(StoredAppend.Sql, StoredAppend.Read, cancel, partition, long.MinValue).GetAsyncEnumerator(cancel);
        var (row, at) = (await Next(rows), 0L);
        var blocks = Read(
            $"select {Seal.Columns} from journal.seals where partition = $1 and number <= $2 order by number", Seal.Read, cancel,
            partition, lastSeal);
        await foreach (var seal in blocks)
        {
            for (; row is not null && row.Position <= seal.After; row = await Next(rows)) at = Follow(row, at); // of a missing seal
            foreach (var (position, digest) in seal.Appends())
            {
                for (; row is not null && row.Position < position; row = await Next(rows)) Fault(FaultKind.Added, $"{row}");
                if (row is null || row.Position > position)
                {
                    Fault(FaultKind.Missing, $"partition {partition}, position {position}");
                    at = position;
                    continue;
                }

                if (!row.Digest.AsSpan().SequenceEqual(digest)) Fault(FaultKind.Changed, $"{row}");
                else Follow(row, at);
                (row, at) = (await Next(rows), position);
            }
        }

        for (; row is not null; row = await Next(rows))
        {
            if (!known) Fault(FaultKind.Added, $"{row}, in a partition that there is not");
            at = Follow(row, at);
            _unsealed += row.Facts;
            if (_oldest is null || row.At < _oldest.At) _oldest = row;
        }
    }

    /// <summary>Whether an append begins where the one before it ended; returns where it ends.</summary>
    private long Follow(StoredAppend row, long at)
    {
        var before = row.Position - row.Facts;
        if (before > at) Fault(FaultKind.Missing, $"partition {row.Partition}, {Range("position", at + 1, before)}");
        if (before < at) Fault(FaultKind.Added, $"{row}, at a position that was taken");
        return row.Position;
    }

    private async Task Versions(CancellationToken cancel)
    {
        const string sql = """
            select entity, before, based_on from (
                select entity, based_on, coalesce(lag(based_on + facts) over (partition by entity order by based_on), 0) as before
                from journal.appends) v
            where before <> based_on order by entity, based_on
            """;
        await foreach (var (entity, before, basedOn) in Read(sql, r => (r.GetString(0), r.GetInt64(1), r.GetInt64(2)), cancel))
            if (before < basedOn)
                Fault(FaultKind.Missing, $"{entity}, {Range("version", before + 1, basedOn)}");
            else Fault(FaultKind.Added, $"{entity}, version {basedOn + 1}, which is there twice");
    }

    private static string Range(string what, long from, long to) => from == to ? $"{what} {to}" : $"{what}s {from} to {to}";

    private void Fault(FaultKind kind, string where) => _faults.Add(new(kind, where));

    private async Task<StoredAppend?> Next(IAsyncEnumerator<StoredAppend> rows)
    {
        if (!await rows.MoveNextAsync()) return null;
        _facts += rows.Current.Facts;
        return rows.Current;
    }

    private async Task<int> Number(string sql, CancellationToken cancel)
    {
        await using var command = _source.CreateCommand(sql);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancel));
    }

    private async IAsyncEnumerable<T> Read<T>(
        string sql, Func<NpgsqlDataReader, T> read, [EnumeratorCancellation] CancellationToken cancel, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) yield return read(reader);
    }
}
