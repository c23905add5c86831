using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>An entity's state as JSON, so that loading need not read its whole history (J5).</summary>
/// <param name="Shape">Name and version of the state's shape; another one than the present is not used.</param>
/// <param name="Version">The entity's version that this is the state of.</param>
/// <param name="Json">The state; what of it is personal is sealed.</param>
/// <param name="Keys">What opens that, wrapped.</param>
public sealed record Snapshot(string Shape, long Version, string Json, string? Keys = null);

/// <summary>
/// The append that a decision was made on top of. An operation may be decided twice, on two states: the time distinguishes them.
/// </summary>
/// <param name="At">When it was decided, as <see cref="AppendRequest.At"/>.</param>
public readonly record struct DecidedOn(string OperationId, DateTimeOffset At);

/// <summary>All that one command changes, committed as a whole or not at all (J1).</summary>
/// <param name="ExpectedVersion">
/// The version that the decision was made on; any other one in the journal is a <see cref="AppendResult.Conflict"/>.
/// </param>
/// <param name="Facts">May be empty: then only the operation's answer is kept.</param>
/// <param name="OperationId">The caller's name for the intent, unique within the entity.</param>
/// <param name="Fingerprint">Digest of the command, kept with the answer.</param>
/// <param name="Answer">
/// The operation's answer as JSON, kept so that a repeat gets the same. Null, which needs facts: a repeat gets what the state says.
/// </param>
/// <param name="TraceParent">W3C trace context, if any.</param>
/// <param name="WakeAt">When the entity wants to be woken, at the latest: an earlier alarm stays. Null: no alarm is set.</param>
/// <param name="Snapshot">The state after these facts, when it is time to keep one.</param>
/// <param name="Take">Values that the entity claims with these facts.</param>
/// <param name="Release">Values that it gives up.</param>
/// <param name="After">
/// What the decision was made on top of, while that was still under way: unless it is this append that has brought the entity to the
/// expected version, it is a <see cref="AppendResult.Conflict"/>. Null: the state at the expected version was known to be committed. The
/// version alone would not do: where the append before it lost to another writer, that one may have brought about the same number.
/// </param>
public sealed record AppendRequest(
    EntityId Entity,
    long ExpectedVersion,
    IReadOnlyList<EncodedFact> Facts,
    string OperationId,
    string? Fingerprint,
    string? Answer,
    DateTimeOffset At,
    string Caller,
    string? TraceParent = null,
    DateTimeOffset? WakeAt = null,
    Snapshot? Snapshot = null,
    IReadOnlyList<UniqueValue>? Take = null,
    IReadOnlyList<UniqueValue>? Release = null,
    DecidedOn? After = null)
{
    /// <summary>
    /// An outcome of the entity's own process, with facts. The state shows whether it is recorded already, so its operation id is not
    /// looked for.
    /// </summary>
    public bool Own { get; init; }

    /// <summary>
    /// The entity's process has a next step, and this append sets no alarm for it. If the process does not go on, an alarm is set later
    /// (<see cref="IAlarms.Sweep"/>).
    /// </summary>
    public bool Unfinished { get; init; }

    /// <summary>The entity needs no alarm any more: one that is set is deleted.</summary>
    public bool AlarmOver { get; init; }

    /// <summary>The caller that the command followed from by itself; null: there is none but its own.</summary>
    public string? Cause { get; init; }

    /// <summary>What opens the personal parts of facts and answer, wrapped; null: there are none.</summary>
    public string? Keys { get; init; }

    /// <summary>
    /// The purposes whose personal data of this entity ends here: with the commit the keys of all rows before are gone, and the entity's
    /// snapshot and the answers it gave.
    /// </summary>
    public IReadOnlyList<Purpose> Erases { get; init; } = [];
}

/// <summary>What became of an append. An exception instead means that nothing is known (J4) or that nothing was done.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>Durable; the entity is now at <paramref name="Version"/>.</summary>
    public sealed record Committed(long Version) : AppendResult;

    /// <summary>Nothing was done: the entity is not in the state that the decision was made on, because of another writer.</summary>
    public sealed record Conflict(long Version) : AppendResult;

    /// <summary>
    /// Nothing was done: this operation was committed before. Takes precedence over <see cref="Conflict"/>. Its answer is null where it
    /// was not kept: the operation was accepted, and the state tells the rest.
    /// </summary>
    public sealed record Duplicate(string? Fingerprint, string? Answer, string? Keys = null) : AppendResult;

    /// <summary>Nothing was done: <paramref name="Owner"/> holds a value that the append wanted to claim.</summary>
    public sealed record Taken(UniqueValue Claim, EntityId Owner) : AppendResult;
}

/// <summary>What one bounded read gives of an entity (J5): a snapshot, if one is kept and of use, and the facts since.</summary>
public sealed record LoadResult(long Version, Snapshot? Snapshot, IReadOnlyList<EncodedFact> Facts)
{
    /// <summary>
    /// Who is the cause of what the entity's process does next (decision 31): the origin of the newest append that was not the
    /// process's own.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>The version that the facts come after: the snapshot's, or the one that was known, or 0.</summary>
    public long Since => Version - Facts.Count;
}

/// <summary>
/// A capability's append-only record, as its entities use it. Promises J1 to J7 of the design. Methods throw
/// <see cref="OutcomeUnknownException"/> when an answer was lost and <see cref="UnavailableException"/> when nothing was done.
/// </summary>
public interface IJournal
{
    /// <summary>
    /// Reads an entity. With <paramref name="snapshotShape"/> a snapshot of that shape is used; of another shape, all facts are read.
    /// </summary>
    /// <param name="snapshotShape">The shape of state that the caller can read.</param>
    /// <param name="known">
    /// The version whose state the caller has: earlier facts are not returned. If the entity does not have that version, all facts are.
    /// </param>
    Task<LoadResult> Load(EntityId entity, string snapshotShape, long known = 0);

    /// <summary>True when an operation of an entity has its answer: the same append again would be a duplicate.</summary>
    Task<bool> Knows(EntityId entity, string operation);

    /// <summary>Commits, together with all other appends of the moment (J3).</summary>
    Task<AppendResult> Append(AppendRequest append);
}

/// <summary>A capability's committed facts in order, for its followers.</summary>
public interface IFactLog
{
    /// <summary>How many partitions the capability has; fixed when its database is created.</summary>
    int Partitions { get; }

    /// <summary>The partition that an entity's facts go to.</summary>
    int PartitionOf(EntityId entity);

    /// <summary>
    /// Committed facts of a partition with a position above <paramref name="after"/>, in order, at most <paramref name="limit"/>.
    /// </summary>
    /// <param name="types">Only facts of these <c>NAME/VERSION</c>; null: all.</param>
    /// <returns>The facts, and the position up to which the partition was read.</returns>
    /// <remarks>
    /// Commits of this process are visible at once. Commits of another process are visible, at the latest, when <see cref="Changed"/>
    /// completes next, or after <see cref="Heads"/>.
    /// </remarks>
    Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel);

    /// <summary>One entity's facts with a version above <paramref name="afterVersion"/>, in order.</summary>
    Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel);

    /// <summary>The last committed position of each partition, of all processes.</summary>
    Task<IReadOnlyList<long>> Heads(CancellationToken cancel);

    /// <summary>
    /// Completes once something was committed after the call of this method, or at the latest when it is time to look anyway
    /// (notifications are a hint; polling is the fallback).
    /// </summary>
    Task Changed(CancellationToken cancel);

    /// <summary>The same, for a follower of one partition: the commits of others need not wake it.</summary>
    Task Changed(int partition, CancellationToken cancel) => Changed(cancel);

    /// <summary>The same, for a live watcher: while it waits, other processes announce their commits sooner.</summary>
    Task ChangedSoon(CancellationToken cancel) => Changed(cancel);
}

/// <summary>What followers of all partitions have in common.</summary>
public static class FactLogs
{
    /// <summary>How many facts to read from each partition for a total of about <paramref name="most"/>.</summary>
    public static int Share(this IFactLog log, int most) => Math.Max(1, most / log.Partitions);

    /// <summary>
    /// Reads each partition from where the caller is, at most <paramref name="limit"/> facts of each: what came of it, by partition.
    /// When one cannot be read, the others are given up, and that one's failure is thrown.
    /// </summary>
    public static async Task<IReadOnlyList<(IReadOnlyList<RecordedFact> Facts, long SeenTo)>> ReadEach(
        this IFactLog log, IReadOnlyList<long> after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        return await Task.WhenAll(after.Select(Read));

        async Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(long position, int partition)
        {
            try
            {
                return await log.Read(partition, position, limit, types, together.Token);
            }
            catch
            {
                together.Cancel();
                throw;
            }
        }
    }
}

/// <summary>
/// Up to where each subscription has handled each partition; and the facts it could not handle. Kept with the subscriber.
/// </summary>
public interface ICheckpoints
{
    /// <summary>The last handled position, 0 when none.</summary>
    Task<long> Load(string subscription, int partition, CancellationToken cancel);

    /// <summary>Keeps the position; it never moves back by this call.</summary>
    Task Save(string subscription, int partition, long position, CancellationToken cancel);

    /// <summary>Sets a fact aside that could not be handled, for an operator; the same one again only replaces the reason.</summary>
    Task Park(string subscription, RecordedFact fact, string reason, CancellationToken cancel);

    /// <summary>Replaces the reason of a fact that is set aside; nothing happens if it is not.</summary>
    Task StillFails(string subscription, int partition, long position, string reason, CancellationToken cancel);

    /// <summary>The facts set aside, oldest first.</summary>
    Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel);

    /// <summary>Forgets a parked fact, after it was handled or given up.</summary>
    Task Unpark(string subscription, int partition, long position, CancellationToken cancel);
}

/// <summary>A fact that a subscription gave up on.</summary>
public sealed record ParkedFact(string Subscription, RecordedFact Fact, string Reason, DateTimeOffset ParkedAt)
{
    /// <summary>True for the fact at this place that this subscription gave up on.</summary>
    public bool Is(string subscription, int partition, long position) =>
        (Subscription, Fact.Partition, Fact.Position) == (subscription, partition, position);
}

/// <summary>The alarms of a capability's entities. Appends set them.</summary>
public interface IAlarms
{
    /// <summary>Entities whose wake-up time is at or before <paramref name="until"/>, the earliest first.</summary>
    Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(DateTimeOffset until, int limit, CancellationToken cancel);

    /// <summary>
    /// Moves an entity's alarm, also to a later time, or deletes it (null); nothing happens if the entity has gone on since
    /// <paramref name="version"/>.
    /// </summary>
    Task Move(EntityId entity, long version, DateTimeOffset? wakeAt);

    /// <summary>
    /// Sets an alarm for every entity whose process was <see cref="AppendRequest.Unfinished"/> before <paramref name="until"/> and has not
    /// gone on since: the process that ran it may have died.
    /// </summary>
    Task Sweep(DateTimeOffset until, CancellationToken cancel);
}
