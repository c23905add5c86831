using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal.Memory;

/// <summary>
/// The simulation's journal for tests on many threads, with faults that a test asks for. It outlives the engines that use it, so a test
/// can crash one and start the next on what was committed.
/// </summary>
public sealed class InMemoryStore : IJournal, IFactLog, IAlarms
{
    private readonly Lock _gate = new();
    private readonly MemoryJournal _journal;
    private readonly Dictionary<int, Fault> _faults = [];
    private readonly Queue<Action> _held = new();
    private readonly List<TaskCompletionSource> _following = [];
    private int _appends;
    private bool _holding;
    private Exception? _away;
    private bool _failNextRead;

    /// <summary>An empty store of <paramref name="capability"/>.</summary>
    /// <param name="clock">Says when a fact was parked.</param>
    /// <param name="partitions">How many it has.</param>
    /// <param name="partitionOf">Which of them an entity's facts go to, where that must agree with another journal.</param>
    public InMemoryStore(Capability capability, TimeProvider clock, int partitions = 4, Func<EntityId, int>? partitionOf = null)
    {
        _journal = new MemoryJournal(partitions, partitionOf) { Committed = (_, _) => Notify() };
        Checkpoints = new InMemoryCheckpoints(clock);
        Store = new CapabilityStore(capability, this, this, Checkpoints, this) { Personal = new PersonalData(CapabilityKeys.New()) };
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

    public int Partitions => _journal.Partitions;

    /// <summary>How many appends were committed.</summary>
    public int Commits => _journal.Commits;

    /// <summary>How many entities were loaded.</summary>
    public int Loads { get; private set; }

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
    /// The next append, or the one that follows after <paramref name="after"/> others, is not done: <see cref="UnavailableException"/>.
    /// </summary>
    public void RefuseNext(int after = 0) => Plan(Fault.Refuse, after);

    /// <summary>The next append (or a later one) is committed, but its answer is lost: <see cref="OutcomeUnknownException"/>.</summary>
    public void CommitNextAndLoseAnswer(int after = 0) => Plan(Fault.LoseCommitted, after);

    /// <summary>The next append (or a later one) is not committed, and its answer is lost: <see cref="OutcomeUnknownException"/>.</summary>
    public void LoseNext(int after = 0) => Plan(Fault.LoseNotCommitted, after);

    /// <summary>The next read by a follower fails.</summary>
    public void FailNextRead()
    {
        lock (_gate) _failNextRead = true;
    }

    /// <summary>From now on every read and append fails as if the database were away; until <see cref="BringBack"/>.</summary>
    public void TakeAway()
    {
        lock (_gate) _away = new UnavailableException("The database is away.", TimeSpan.FromSeconds(1));
    }

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

    public async Task<LoadResult> Load(EntityId entity, string snapshotShape, long known = 0)
    {
        lock (_gate)
        {
            Loads++;
            if (_away is { } away) throw away; // at once, as a pool without connections does
        }

        await Task.Yield();
        lock (_gate) return _journal.Load(entity, snapshotShape, known);
    }

    public Task<bool> Knows(EntityId entity, string operation)
    {
        lock (_gate) return _away is { } away ? throw away : Task.FromResult(_journal.Knows(entity, operation));
    }

    public async Task<AppendResult> Append(AppendRequest append)
    {
        var answer = new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_holding) _held.Enqueue(() => Do(append, answer));
            else Do(append, answer);
        }

        await Task.Yield(); // done in the order of arrival, but answered in a later turn, as a real database would
        return await answer.Task;
    }

    public int PartitionOf(EntityId entity) => _journal.PartitionOf(entity);

    public Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        lock (_gate)
        {
            var problem = _away ?? (_failNextRead ? new UnavailableException("This read failed.", TimeSpan.FromSeconds(1)) : null);
            _failNextRead = false;
            return problem is null
                ? Task.FromResult(_journal.Read(partition, after, limit, types))
                : Task.FromException<(IReadOnlyList<RecordedFact>, long)>(problem);
        }
    }

    public Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_journal.History(entity, afterVersion, limit));
    }

    public Task<IReadOnlyList<long>> Heads(CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_journal.Heads);
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
            return _away is { } away
                ? Task.FromException<IReadOnlyList<(EntityId, DateTimeOffset)>>(away)
                : Task.FromResult(_journal.Due(until, limit));
    }

    public Task Move(EntityId entity, long version, DateTimeOffset? wakeAt)
    {
        lock (_gate)
        {
            if (_away is { } away) return Task.FromException(away);
            _journal.Move(entity, version, wakeAt);
        }

        return Task.CompletedTask;
    }

    public Task Sweep(DateTimeOffset until, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_away is { } away) return Task.FromException(away);
            _journal.Sweep(until);
        }

        return Task.CompletedTask;
    }

    /// <summary>Forgets answers older than that of operations that have changed nothing; how many those were.</summary>
    public long Prune(DateTimeOffset before)
    {
        lock (_gate) return _journal.Prune(before);
    }

    private void Plan(Fault fault, int after)
    {
        lock (_gate)
        {
            var append = _appends + 1 + after;
            while (!_faults.TryAdd(append, fault)) append++; // one that is planned for already fails as planned: this one is the next
        }
    }

    private void Do(AppendRequest append, TaskCompletionSource<AppendResult> answer)
    {
        var fault = _faults.Remove(++_appends, out var planned) ? planned : (Fault?)null;
        if (fault is Fault.Refuse || _away is not null)
        {
            answer.SetException(_away ?? new UnavailableException("The journal took no appends just then.", TimeSpan.FromSeconds(1)));
            return;
        }

        if (fault is not Fault.LoseNotCommitted)
        {
            var done = _journal.Append(append);
            if (fault is null) answer.SetResult(done);
        }

        if (fault is not null) answer.SetException(new OutcomeUnknownException("The answer of the journal was lost."));
    }

    private void Notify()
    {
        foreach (var changed in _following) changed.TrySetResult();
        _following.Clear();
    }
}
