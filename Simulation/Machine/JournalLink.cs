using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>
/// The way from one process to one capability's database. What is sent on it arrives at once, late, or not at all, and so do the answers.
/// When the process is killed nothing of it arrives any more, except what was under way.
/// </summary>
internal sealed class JournalLink(MemoryJournal journal, MemoryCheckpoints checkpoints, SimulatedProcess life, SimulationContext world)
    : IJournal, IFactLog, ICheckpoints, IAlarms
{
    private static readonly TimeSpan SlowestLoad = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SlowestAppend = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LatestCommit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SoonestNotice = TimeSpan.FromMicroseconds(10);
    private static readonly TimeSpan LatestNotice = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LatestFeed = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(60);

    private readonly Queue<(AppendRequest Append, TaskCompletionSource<AppendResult> Answer)> _waiting = new();
    private readonly List<TaskCompletionSource> _following = [];
    private bool _noticeOnItsWay;

    /// <summary>Until when the databases cannot be reached from this process.</summary>
    public DateTimeOffset AwayUntil { get; set; }

    public int Partitions => journal.Partitions;

    private FaultInjector Chaos => world.Chaos;

    private bool Away => AwayUntil > world.Clock.Now;

    public int PartitionOf(EntityId entity) => journal.PartitionOf(entity);

    public async Task<LoadResult> Load(EntityId entity, string snapshotShape, long known = 0)
    {
        world.Books.Silence.Looks(life, entity);
        var old = TimeSpan.Zero;
        if (Chaos.Strikes(FaultKind.LoadFails))
        {
            var dice = Chaos.Of(FaultKind.LoadFails);
            var time = dice.Between(TimeSpan.FromMilliseconds(1), SlowestLoad);
            var fails = dice.Chance(0.5);
            if (!fails && dice.Chance(0.5)) old = time;
            else await Backoff.Until(time, life.Clock, default);
            if (fails) throw Unreachable();
        }

        await Task.Yield();
        if (Away) throw Unreachable();
        var loaded = journal.Load(entity, snapshotShape, known);
        if (old > TimeSpan.Zero) await Backoff.Until(old, life.Clock, default); // the data is outdated when it arrives
        return loaded;
    }

    public async Task<bool> Knows(EntityId entity, string operation)
    {
        await Task.Yield();
        return Away ? throw Unreachable() : journal.Knows(entity, operation);
    }

    public async Task<AppendResult> Append(AppendRequest append)
    {
        world.Books.Silence.Tells(life, append);
        var answer = new TaskCompletionSource<AppendResult>();
        if (_waiting.Count > 0 || Chaos.Strikes(FaultKind.AppendsSlow)) Hold(append, answer);
        else Arrive(append, answer);
        await Task.Yield(); // it is done in the order of arrival, but answered in a later turn
        return await answer.Task;
    }

    public async Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        if (Away || Chaos.Strikes(FaultKind.FeedFails)) throw Unreachable();
        await Task.Yield();
        var read = journal.Read(partition, after, limit, types);
        if (Chaos.Strikes(FaultKind.FeedLate))
            await Backoff.Until(Chaos.Of(FaultKind.FeedLate).Between(SoonestNotice, LatestFeed), life.Clock, cancel);
        return read;
    }

    public async Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel)
    {
        await Task.Yield();
        return Away ? throw Unreachable() : journal.History(entity, afterVersion, limit);
    }

    public Task<IReadOnlyList<long>> Heads(CancellationToken cancel) => Task.FromResult(journal.Heads);

    public Task Changed(CancellationToken cancel)
    {
        var changed = new TaskCompletionSource();
        if (!Chaos.Strikes(FaultKind.FeedFails)) _following.Add(changed);
        return Backoff.Until(changed, LookAnyway, life.Clock, cancel);
    }

    public async Task<long> Load(string subscription, int partition, CancellationToken cancel)
    {
        await Task.Yield();
        if (Away) throw Unreachable();
        return checkpoints.Load(subscription, partition);
    }

    public async Task Save(string subscription, int partition, long position, CancellationToken cancel)
    {
        if (life.Dead) await life.Never;
        if (Away) throw Unreachable();
        var fails = Chaos.Strikes(FaultKind.CheckpointFails);
        if (!fails || Chaos.Of(FaultKind.CheckpointFails).Chance(0.5)) checkpoints.Save(subscription, partition, position);
        await Task.Yield();
        if (fails) throw Unreachable();
    }

    public async Task Park(string subscription, RecordedFact fact, string reason, CancellationToken cancel)
    {
        if (life.Dead) await life.Never;
        checkpoints.Park(subscription, fact, reason, world.Clock.Now);
        world.Books.Parked(subscription, fact, reason);
    }

    public Task StillFails(string subscription, int partition, long position, string reason, CancellationToken cancel)
    {
        checkpoints.StillFails(subscription, partition, position, reason);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel) => Task.FromResult(checkpoints.Parked());

    public Task Unpark(string subscription, int partition, long position, CancellationToken cancel)
    {
        checkpoints.Unpark(subscription, partition, position);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(DateTimeOffset until, int limit, CancellationToken cancel) =>
        Away
            ? Task.FromException<IReadOnlyList<(EntityId, DateTimeOffset)>>(Unreachable())
            : Task.FromResult(journal.Due(until, limit));

    public async Task Move(EntityId entity, long version, DateTimeOffset? wakeAt)
    {
        await Task.Yield();
        if (Away) throw Unreachable();
        journal.Move(entity, version, wakeAt);
    }

    public async Task Sweep(DateTimeOffset until, CancellationToken cancel)
    {
        await Task.Yield();
        if (Away) throw Unreachable();
        journal.Sweep(until);
    }

    /// <summary>An append was committed here, by any process.</summary>
    public void Notify()
    {
        if (_noticeOnItsWay || _following.Count == 0) return;
        _noticeOnItsWay = true;
        world.After(life.Notices.Between(SoonestNotice, LatestNotice), Arrived);
    }

    private void Arrived()
    {
        _noticeOnItsWay = false;
        foreach (var changed in _following) changed.TrySetResult();
        _following.Clear();
    }

    /// <summary>
    /// The process was killed: some of the appends that wait were on their way already and are committed, the rest is lost.
    /// </summary>
    public void Cut(SeededRandom dice)
    {
        while (_waiting.TryDequeue(out var next) && dice.Chance(0.5)) journal.Append(next.Append);
        _waiting.Clear();
        _following.Clear();
    }

    private void Hold(AppendRequest append, TaskCompletionSource<AppendResult> answer)
    {
        _waiting.Enqueue((append, answer));
        if (_waiting.Count > 1) return;
        var time = Chaos.Of(FaultKind.AppendsSlow).Between(TimeSpan.FromMilliseconds(10), SlowestAppend);
        world.After(time, () =>
        {
            while (!life.Dead && _waiting.TryDequeue(out var next)) Arrive(next.Append, next.Answer);
        });
    }

    private void Arrive(AppendRequest append, TaskCompletionSource<AppendResult> answer)
    {
        if (life.Dead) return;
        if (Away || Chaos.Strikes(FaultKind.AppendRefused))
        {
            answer.SetException(Unreachable());
        }
        else if (Chaos.Strikes(FaultKind.CrashBeforeCommit))
        {
            life.Kill();
        }
        else if (Chaos.Strikes(FaultKind.AppendLost))
        {
            Forget(answer, FaultKind.AppendLost);
        }
        else if (Chaos.Strikes(FaultKind.AppendLate))
        {
            world.After(Chaos.Of(FaultKind.AppendLate).Between(TimeSpan.FromMilliseconds(1), LatestCommit), () => journal.Append(append));
            Forget(answer, FaultKind.AppendLate);
        }
        else if (Chaos.Strikes(FaultKind.AppendAnswerLost))
        {
            journal.Append(append);
            Forget(answer, FaultKind.AppendAnswerLost);
        }
        else
        {
            var done = journal.Append(append);
            if (done is AppendResult.Committed) world.Books.Silence.Told(life, append);
            if (done is AppendResult.Committed && Chaos.Strikes(FaultKind.CrashAfterCommit)) life.Kill();
            else answer.SetResult(done);
        }
    }

    // Sometimes at once, as when a connection breaks; sometimes after the time that a statement may take.
    private void Forget(TaskCompletionSource<AppendResult> answer, FaultKind fault)
    {
        if (Chaos.Of(fault).Chance(0.7)) Lose();
        else world.After(Chaos.Of(fault).Between(TimeSpan.FromMilliseconds(10), SlowestLoad), Lose);

        void Lose() => answer.TrySetException(new OutcomeUnknownException("The answer of the journal was lost."));
    }

    private static UnavailableException Unreachable() => new("The database cannot be reached.", TimeSpan.FromSeconds(1));
}
