using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal.Memory;

/// <summary>
/// A capability's database in memory, with the promises J1 to J6; it survives the death of a process. Every call completes at once and on
/// the caller's thread; delays and losses of calls are the business of the layer before it.
/// </summary>
/// <remarks>tests/Journal.Tests/Memory holds it to the same answers as the PostgreSQL journal.</remarks>
public sealed class MemoryJournal
{
    private readonly Dictionary<EntityId, Kept> _entities = [];
    private readonly Dictionary<UniqueValue, EntityId> _claims = [];
    private readonly SortedSet<(DateTimeOffset WakeAt, EntityId Entity)> _alarms = new(AlarmOrder.Instance);
    private readonly List<RecordedFact>[] _partitions;
    private readonly Func<EntityId, int>? _partitionOf;

    /// <param name="partitions">How many it has.</param>
    /// <param name="partitionOf">Which of them an entity's facts go to, where that must agree with another journal.</param>
    public MemoryJournal(int partitions = 2, Func<EntityId, int>? partitionOf = null)
    {
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new List<RecordedFact>())];
        _partitionOf = partitionOf;
    }

    /// <summary>Called for each committed append, with its facts.</summary>
    public Action<AppendRequest, IReadOnlyList<RecordedFact>> Committed { get; set; } = (_, _) => { };

    /// <summary>How many partitions there are.</summary>
    public int Partitions => _partitions.Length;

    /// <summary>How many appends were committed.</summary>
    public int Commits { get; private set; }

    /// <summary>The last position of each partition.</summary>
    public IReadOnlyList<long> Heads => [.. _partitions.Select(p => (long)p.Count)];

    /// <summary>The partition that an entity's facts go to.</summary>
    public int PartitionOf(EntityId entity) =>
        _partitionOf?.Invoke(entity) ?? (int)(NameHash.Of(entity.ToString()) % (uint)Partitions);

    /// <summary>An entity: its latest snapshot if it is of that shape, and the facts since; nothing of what is known.</summary>
    public LoadResult Load(EntityId entity, string snapshotShape, long known = 0)
    {
        if (!_entities.TryGetValue(entity, out var kept)) return new LoadResult(0, null, []);
        if (known > kept.Version) known = 0;
        var snapshot = kept.Snapshot?.Shape == snapshotShape && kept.Snapshot.Version > known ? kept.Snapshot : null;
        var facts = new EncodedFact[kept.Version - (snapshot?.Version ?? known)];
        for (var i = 0; i < facts.Length; i++) facts[i] = kept.Facts[kept.Facts.Count - facts.Length + i].Fact;
        return new LoadResult(kept.Version, snapshot, facts) { Origin = kept.Origin };
    }

    /// <summary>All that is kept of every entity: facts, answers and snapshot, each with the keys that open it.</summary>
    public IEnumerable<(EntityId Entity, long Version, string Json, string? Keys)> Everything() => _entities.SelectMany(e =>
        e.Value.Facts.Select(f => (e.Key, f.Version, f.Fact.Json, f.Fact.Keys))
            .Concat(e.Value.Operations.Values.Where(o => o.Answer is not null).Select(o => (e.Key, 0L, o.Answer!, o.Keys)))
            .Concat(e.Value.Snapshot is { } kept ? [(e.Key, kept.Version, kept.Json, kept.Keys)] : []));

    /// <summary>True when an operation of an entity has its answer.</summary>
    public bool Knows(EntityId entity, string operation) =>
        _entities.TryGetValue(entity, out var kept) && kept.Operations.ContainsKey(operation);

    /// <summary>Commits, or returns why not.</summary>
    public AppendResult Append(AppendRequest append)
    {
        if (!_entities.TryGetValue(append.Entity, out var kept)) kept = new Kept();
        if (!append.Own && kept.Operations.TryGetValue(append.OperationId, out var first))
            return new AppendResult.Duplicate(first.Fingerprint, first.Answer, first.Keys);
        if (append.ExpectedVersion != kept.Version || !kept.IsAfter(append.After))
            return new AppendResult.Conflict(kept.Version);
        foreach (var claim in append.Take ?? [])
            if (_claims.TryGetValue(claim, out var owner) && owner != append.Entity) return new AppendResult.Taken(claim, owner);

        _entities[append.Entity] = kept;
        foreach (var claim in append.Release ?? [])
            if (_claims.GetValueOrDefault(claim) == append.Entity) _claims.Remove(claim);
        foreach (var claim in append.Take ?? []) _claims[claim] = append.Entity;
        if (append.Erases.Count > 0) Erase(append.Entity, kept, append.Erases);
        var at = TimestampPrecision.Down(append.At);
        var recorded = Record(append, at, kept);
        if (!append.Own)
            kept.Operations.Add(
                append.OperationId, new(append.Fingerprint, append.Answer, at, append.Facts.Count > 0, append.Keys));
        if (append.Facts.Count > 0) kept.UnfinishedSince = append.Unfinished ? at : null;
        if (append is { Facts.Count: > 0, Own: false }) kept.Origin = recorded[^1].Origin;
        if (append.WakeAt is { } wakeAt) SetAlarm(append.Entity, kept, Earlier(kept.WakeAt, TimestampPrecision.Up(wakeAt)));
        else if (append.AlarmOver) SetAlarm(append.Entity, kept, null);
        kept.Snapshot = append.Snapshot ?? kept.Snapshot;
        Commits++;
        Committed(append, recorded);
        return new AppendResult.Committed(kept.Version);
    }

    /// <summary>Facts of a partition above a position, and the position up to which it was read.</summary>
    public (IReadOnlyList<RecordedFact> Facts, long SeenTo) Read(int partition, long after, int limit, IReadOnlyCollection<string>? types)
    {
        var log = _partitions[partition];
        var facts = new List<RecordedFact>();
        var seen = (int)Math.Min(after, log.Count);
        for (; seen < log.Count && facts.Count < limit; seen++)
            if (types is null || types.Contains(log[seen].Fact.Type)) facts.Add(log[seen]);
        return (facts, Math.Max(seen, after));
    }

    /// <summary>One entity's facts above a version.</summary>
    public IReadOnlyList<RecordedFact> History(EntityId entity, long afterVersion, int limit) =>
        _entities.TryGetValue(entity, out var kept) ? [.. kept.Facts.Skip((int)afterVersion).Take(limit)] : [];

    /// <summary>Entities that are to be woken by then, the earliest first.</summary>
    public IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)> Due(DateTimeOffset until, int limit)
    {
        if (_alarms.Count == 0 || _alarms.Min.WakeAt > until) return [];
        return [.. _alarms.TakeWhile(a => a.WakeAt <= until).Take(limit).Select(a => (a.Entity, a.WakeAt))];
    }

    /// <summary>Moves an alarm or deletes it, unless the entity has gone on since that version.</summary>
    public void Move(EntityId entity, long version, DateTimeOffset? wakeAt)
    {
        if (_entities.TryGetValue(entity, out var kept) && kept.Version == version)
            SetAlarm(entity, kept, wakeAt is { } at ? TimestampPrecision.Up(at) : null);
    }

    /// <summary>Sets an alarm for every entity whose process was unfinished before that time and has not gone on since.</summary>
    public void Sweep(DateTimeOffset until)
    {
        foreach (var (entity, kept) in _entities)
        {
            if (!(kept.UnfinishedSince <= until)) continue;
            kept.UnfinishedSince = null; // once: the alarm rings until the process has gone on
            SetAlarm(entity, kept, Earlier(kept.WakeAt, TimestampPrecision.Down(until)));
        }
    }

    /// <summary>
    /// Forgets answers older than that of operations that have changed nothing, as the databases do after their time; how many those were.
    /// </summary>
    public long Prune(DateTimeOffset before)
    {
        var (old, removed) = (TimestampPrecision.Down(before), 0L);
        foreach (var kept in _entities.Values)
            foreach (var (id, operation) in kept.Operations)
                if (!operation.HasFacts && operation.At < old && kept.Operations.Remove(id)) removed++;
        return removed;
    }

    private void Erase(EntityId entity, Kept kept, IReadOnlyList<Purpose> purposes)
    {
        var log = _partitions[PartitionOf(entity)];
        for (var i = 0; i < kept.Facts.Count; i++)
        {
            var before = kept.Facts[i];
            var left = before with { Fact = before.Fact with { Keys = RowKeys.Without(before.Fact.Keys, purposes) } };
            kept.Facts[i] = log[(int)before.Position - 1] = left;
        }

        kept.Snapshot = null;
        foreach (var (id, operation) in kept.Operations)
            if (!operation.HasFacts) kept.Operations.Remove(id);
            else kept.Operations[id] = operation with { Fingerprint = null, Keys = RowKeys.Without(operation.Keys, purposes) };
    }

    private List<RecordedFact> Record(AppendRequest append, DateTimeOffset at, Kept kept)
    {
        var partition = PartitionOf(append.Entity);
        var log = _partitions[partition];
        var recorded = new List<RecordedFact>(append.Facts.Count);
        foreach (var fact in append.Facts)
        {
            var one = new RecordedFact(
                partition, log.Count + 1, append.Entity, kept.Version + 1, fact, at, append.OperationId, append.Caller,
                append.TraceParent, append.Cause);
            log.Add(one);
            kept.Facts.Add(one);
            recorded.Add(one);
        }

        return recorded;
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    private void SetAlarm(EntityId entity, Kept kept, DateTimeOffset? wakeAt)
    {
        if (kept.WakeAt == wakeAt) return;
        if (kept.WakeAt is { } before) _alarms.Remove((before, entity));
        if (wakeAt is { } next) _alarms.Add((next, entity));
        kept.WakeAt = wakeAt;
    }

    private sealed class Kept
    {
        public List<RecordedFact> Facts { get; } = [];

        public Dictionary<string, Operation> Operations { get; } = [];

        public long Version => Facts.Count;

        public bool IsAfter(DecidedOn? after) => after is not { } append
            || (Facts is [.., var last] && (last.OperationId, last.At) == (append.OperationId, TimestampPrecision.Down(append.At)));

        public Snapshot? Snapshot { get; set; }

        /// <summary>Of the newest append that was not its process's own.</summary>
        public string? Origin { get; set; }

        public DateTimeOffset? WakeAt { get; set; }

        /// <summary>When its process was left with a next step and without an alarm, and has not been swept.</summary>
        public DateTimeOffset? UnfinishedSince { get; set; }

        public readonly record struct Operation(string? Fingerprint, string? Answer, DateTimeOffset At, bool HasFacts, string? Keys);
    }

    private sealed class AlarmOrder : IComparer<(DateTimeOffset WakeAt, EntityId Entity)>
    {
        public static readonly AlarmOrder Instance = new();

        public int Compare((DateTimeOffset WakeAt, EntityId Entity) x, (DateTimeOffset WakeAt, EntityId Entity) y)
        {
            var time = x.WakeAt.CompareTo(y.WakeAt);
            if (time != 0) return time;
            var key = string.CompareOrdinal(x.Entity.Key, y.Entity.Key);
            return key != 0 ? key : string.CompareOrdinal(x.Entity.Kind, y.Entity.Kind);
        }
    }
}
