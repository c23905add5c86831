using Commerce.Kernel;

namespace Commerce.Testing;

/// <summary>
/// A capability's journal in memory, with the promises J1 to J6 of the real one; what it keeps are encoded facts. It outlives the
/// engines that use it, so a test can crash one and start the next on what was committed.
/// </summary>
public sealed class InMemoryStore : IJournal, IFactLog, IAlarms
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntityId, Kept> _entities = [];
    private readonly Dictionary<Claim, EntityId> _claims = [];
    private readonly List<Recorded>[] _partitions;
    private readonly Dictionary<int, Fault> _faults = [];
    private readonly Queue<Action> _held = new();
    private readonly List<TaskCompletionSource> _following = [];
    private int _appends;
    private bool _holding;
    private Exception? _away;

    /// <summary>An empty store of <paramref name="capability"/>.</summary>
    public InMemoryStore(Capability capability, TimeProvider clock, int partitions = 4)
    {
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new List<Recorded>())];
        Checkpoints = new InMemoryCheckpoints(clock);
        Store = new CapabilityStore(capability, this, this, Checkpoints, this);
    }

    private enum Fault
    {
        Refuse,
        LoseCommitted,
        LoseNotCommitted,
    }

    /// <summary>What an engine is given.</summary>
    public CapabilityStore Store { get; }

    /// <summary>The capability's own subscriptions.</summary>
    public InMemoryCheckpoints Checkpoints { get; }

    public int Partitions => _partitions.Length;

    /// <summary>How many appends were committed.</summary>
    public int Commits { get; private set; }

    /// <summary>How many appends wait because of <see cref="Hold"/>.</summary>
    public int Held
    {
        get
        {
            lock (_gate) return _held.Count;
        }
    }

    /// <summary>Stores for several capabilities.</summary>
    public static IReadOnlyList<InMemoryStore> For(IEnumerable<Capability> capabilities, TimeProvider clock) =>
        [.. capabilities.Select(c => new InMemoryStore(c, clock))];

    /// <summary>
    /// The next append, or the one <paramref name="after"/> so many more, is not done: <see cref="UnavailableException"/>.
    /// </summary>
    public void RefuseNext(int after = 0) => Plan(Fault.Refuse, after);

    /// <summary>The next append (or a later one) is committed, but its answer is lost: <see cref="OutcomeUnknownException"/>.</summary>
    public void CommitNextAndLoseAnswer(int after = 0) => Plan(Fault.LoseCommitted, after);

    /// <summary>The next append (or a later one) is not committed, and nobody learns that: <see cref="OutcomeUnknownException"/>.</summary>
    public void LoseNext(int after = 0) => Plan(Fault.LoseNotCommitted, after);

    /// <summary>From now on every read and append fails as if the database were away; until <see cref="BringBack"/>.</summary>
    public void TakeAway()
    {
        lock (_gate) _away = new UnavailableException("The database is away.", TimeSpan.FromSeconds(1));
    }

    /// <summary>Ends <see cref="TakeAway"/>.</summary>
    public void BringBack()
    {
        lock (_gate) _away = null;
    }

    /// <summary>Appends wait, in their order, until <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (_gate) _holding = true;
    }

    /// <summary>Does all appends that were held, and holds no more.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _holding = false;
            while (_held.TryDequeue(out var append)) append();
        }
    }

    /// <summary>Does what was held, and then fails everything, so that nothing can come between.</summary>
    public void ReleaseAndTakeAway()
    {
        lock (_gate)
        {
            Release();
            TakeAway();
        }
    }

    public async Task<Loaded> Load(EntityId entity, string snapshotShape)
    {
        lock (_gate)
        {
            if (_away is { } away) throw away; // at once, as a pool without connections does
        }

        await Task.Yield();
        lock (_gate)
        {
            if (!_entities.TryGetValue(entity, out var kept)) return new Loaded(0, null, []);
            var snapshot = kept.Snapshot?.Shape == snapshotShape ? kept.Snapshot : null;
            return new Loaded(kept.Version, snapshot, [.. kept.Facts.Skip((int)(snapshot?.Version ?? 0)).Select(f => f.Fact)]);
        }
    }

    public async Task<Appended> Append(Append append)
    {
        var answer = new TaskCompletionSource<Appended>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_holding) _held.Enqueue(() => Do(append, answer));
            else Do(append, answer);
        }

        await Task.Yield(); // done in the order of arrival, but answered in a later turn, as a real database would
        return await answer.Task;
    }

    public int PartitionOf(EntityId entity) =>
        (int)(entity.ToString().Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u) % (uint)Partitions);

    public Task<(IReadOnlyList<Recorded> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_away is { } away) return Task.FromException<(IReadOnlyList<Recorded>, long)>(away);
            var log = _partitions[partition];
            var facts = new List<Recorded>();
            var seen = (int)after;
            for (; seen < log.Count && facts.Count < limit; seen++)
                if (types is null || types.Contains(log[seen].Fact.Type)) facts.Add(log[seen]);
            return Task.FromResult(((IReadOnlyList<Recorded>)facts, (long)seen));
        }
    }

    public Task<IReadOnlyList<Recorded>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<Recorded>>(
                _entities.TryGetValue(entity, out var kept) ? [.. kept.Facts.Skip((int)afterVersion).Take(limit)] : []);
        }
    }

    public Task<IReadOnlyList<long>> Heads(CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<long>>([.. _partitions.Select(p => (long)p.Count)]);
    }

    public async Task Changed(CancellationToken cancel)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _following.Add(changed);
        using var cancelling = cancel.Register(() => changed.TrySetCanceled(cancel));
        await changed.Task;
    }

    public Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(DateTimeOffset until, int limit, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_away is { } away) return Task.FromException<IReadOnlyList<(EntityId, DateTimeOffset)>>(away);
            return Task.FromResult<IReadOnlyList<(EntityId, DateTimeOffset)>>(
            [
                .. _entities.Where(e => e.Value.WakeAt <= until).OrderBy(e => e.Value.WakeAt).Take(limit)
                    .Select(e => (e.Key, e.Value.WakeAt!.Value)),
            ]);
        }
    }

    private void Plan(Fault fault, int after)
    {
        lock (_gate)
        {
            var append = _appends + 1 + after;
            while (!_faults.TryAdd(append, fault)) append++; // one that is planned for already fails as planned: this one is the next
        }
    }

    private void Do(Append append, TaskCompletionSource<Appended> answer)
    {
        var fault = _faults.Remove(++_appends, out var planned) ? planned : (Fault?)null;
        if (fault is Fault.Refuse || _away is not null)
        {
            answer.SetException(_away ?? new UnavailableException("The journal took no appends just then.", TimeSpan.FromSeconds(1)));
            return;
        }

        if (fault is not Fault.LoseNotCommitted)
        {
            var done = Commit(append);
            if (fault is null) answer.SetResult(done);
        }

        if (fault is not null) answer.SetException(new OutcomeUnknownException("The answer of the journal was lost."));
    }

    private Appended Commit(Append append)
    {
        if (!_entities.TryGetValue(append.Entity, out var kept)) kept = new Kept();
        if (kept.Operations.TryGetValue(append.OperationId, out var first)) return new Appended.Duplicate(first.Fingerprint, first.Answer);
        if (append.ExpectedVersion != kept.Version) return new Appended.Conflict(kept.Version);
        foreach (var claim in append.Take ?? [])
            if (_claims.TryGetValue(claim, out var owner) && owner != append.Entity) return new Appended.Taken(claim, owner);

        foreach (var claim in append.Release ?? [])
            if (_claims.GetValueOrDefault(claim) == append.Entity) _claims.Remove(claim);
        foreach (var claim in append.Take ?? []) _claims[claim] = append.Entity;
        var partition = PartitionOf(append.Entity);
        foreach (var fact in append.Facts)
        {
            var recorded = new Recorded(
                partition, _partitions[partition].Count + 1, append.Entity, kept.Version + 1, fact, append.At, append.OperationId,
                append.Caller, append.TraceParent);
            _partitions[partition].Add(recorded);
            kept.Facts.Add(recorded);
        }

        kept.Operations.Add(append.OperationId, (append.Fingerprint, append.Answer));
        kept.WakeAt = append.WakeAt;
        kept.Snapshot = append.Snapshot ?? kept.Snapshot;
        _entities[append.Entity] = kept;
        Commits++;
        foreach (var changed in _following) changed.TrySetResult();
        _following.Clear();
        return new Appended.Committed(kept.Version);
    }

    private sealed class Kept
    {
        public List<Recorded> Facts { get; } = [];

        public Dictionary<string, (string? Fingerprint, string Answer)> Operations { get; } = [];

        public long Version => Facts.Count;

        public Snapshot? Snapshot { get; set; }

        public DateTimeOffset? WakeAt { get; set; }
    }
}
