using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <content>What this capability's subscriptions to others' facts have handled, and what they set aside.</content>
public sealed partial class PostgresJournal
{
    /// <remarks>
    /// Without waiting for the disk: a crash of the server may set it back by moments, which "at least once" allows. In the order of the
    /// key, so that two processes cannot deadlock.
    /// </remarks>
    private const string SaveSql = """
        with lightly as materialized (select set_config('synchronous_commit', 'off', true))
        insert into journal.checkpoints as c (subscription, partition, position)
        select w.subscription, w.partition, w.position
        from lightly, unnest($1::text[], $2::smallint[], $3::bigint[]) w(subscription, partition, position)
        order by 1, 2
        on conflict (subscription, partition) do update set position = excluded.position where c.position < excluded.position
        """;

    public async Task<long> Load(string subscription, int partition, CancellationToken cancel)
    {
        var rows = await List(
            "select position from journal.checkpoints where subscription = $1 and partition = $2",
            row => row.GetInt64(0), cancel, subscription, (short)partition);
        return rows.Count == 0 ? 0 : rows[0];
    }

    public Task Save(string subscription, int partition, long position, CancellationToken cancel) =>
        _saves.Add(new Checkpoint(subscription, (short)partition, position)).WaitAsync(cancel);

    private Task Save(IReadOnlyList<Pending<Checkpoint, bool>> wanted) => wanted.Together(() =>
    {
        var latest = wanted.Select(w => w.Request)
            .GroupBy(c => (c.Subscription, c.Partition)).Select(g => g.MaxBy(c => c.Position)).ToList();
        return Change(
            SaveSql, default, latest.Select(c => c.Subscription).ToArray(), latest.Select(c => c.Partition).ToArray(),
            latest.Select(c => c.Position).ToArray());
    });

    private readonly record struct Checkpoint(string Subscription, short Partition, long Position);

    public Task Park(string subscription, RecordedFact fact, string reason, CancellationToken cancel) => Change(
        """
        insert into journal.parked
            (subscription, partition, position, entity, version, type, data, at, operation, caller, trace, cause, reason)
        values ($1, $2, $3, $4, $5, $6, $7::json, $8, $9, $10, $11::text, $12::text, $13)
        on conflict (subscription, partition, position) do update set reason = excluded.reason
        """,
        cancel, subscription, (short)fact.Partition, fact.Position, fact.Entity.ToString(), fact.Version, fact.Fact.Type, fact.Fact.Json,
        fact.At.UtcDateTime, fact.OperationId, fact.Caller, fact.TraceParent, fact.Cause, EncodableText.Clean(reason));

    public Task StillFails(string subscription, int partition, long position, string reason, CancellationToken cancel) => Change(
        "update journal.parked set reason = $4 where subscription = $1 and partition = $2 and position = $3",
        cancel, subscription, (short)partition, position, EncodableText.Clean(reason));

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel) => List(
        $"""
        select subscription, reason, parked_at, {Rows.ParkedColumns} from journal.parked
        order by parked_at, subscription, partition, position
        """,
        row => new ParkedFact(row.GetString(0), row.Recorded(3), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)), cancel);

    public Task Unpark(string subscription, int partition, long position, CancellationToken cancel) => Change(
        "delete from journal.parked where subscription = $1 and partition = $2 and position = $3",
        cancel, subscription, (short)partition, position);

    /// <summary>
    /// Removes answers older than <paramref name="olderThan"/> of operations that have changed nothing: a repeat of one is a new operation
    /// then (decision 4).
    /// </summary>
    /// <returns>How many were removed.</returns>
    public async Task<long> PruneAnswers(DateTimeOffset olderThan, CancellationToken cancel)
    {
        const int Portion = 5000; // small commits, so that appends never wait long
        for (var removed = 0L; ;)
        {
            var portion = await Change(
                "delete from journal.answers where ctid = any(array(select ctid from journal.answers where at < $1 limit $2))",
                cancel, olderThan.UtcDateTime, (long)Portion);
            removed += portion;
            if (portion < Portion) return removed;
        }
    }
}
