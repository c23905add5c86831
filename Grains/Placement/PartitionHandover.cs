using System.Diagnostics;
using Commerce.Engine;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Commerce.Grains;

/// <summary>
/// Keeps reads exact while silos come and go (decision 17). When this silo learns that the cluster has changed, its entities take no call
/// until each other silo has learned it too; so none answers from memory what is written here by then. And they read the journal for each
/// answer until the others have let go of the entities that belong here.
/// </summary>
internal sealed class PartitionHandover(
    PartitionOwners owners, IClusterMembershipService members, HandoverClient silos, ILocalSiloDetails local, EngineOptions options)
{
    /// <summary>
    /// How long calls wait for a silo that does not answer. Longer than <see cref="Pause"/>: one that hangs trusts no memory by then.
    /// </summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>How long this process may not have run before it looks at the membership again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly SharedLook _membership = new(TimeProvider.System, cancel => members.Refresh(default, cancel).AsTask());
    private Round? _round;
    private long _ranAt = Stopwatch.GetTimestamp();

    /// <summary>
    /// Completes when an entity may take a call here. Who calls one that belongs elsewhere may know of a change that this silo does not,
    /// even of its own beginning: it looks before it takes the call, as the owner that it knows may answer reads from memory.
    /// </summary>
    public ValueTask Ready(GrainId entity)
    {
        if (owners.IsElsewhere(entity)) return new(UntilKnown());
        var round = Current();
        return round.Heard.IsCompleted ? ValueTask.CompletedTask : new(UntilHeard(round));
    }

    /// <summary>True while memory may be older than an answer that another silo has given.</summary>
    public bool MustRead(GrainId entity) =>
        !Current().IsOver || !owners.IsComplete || owners.IsElsewhere(entity)
        || Stopwatch.GetElapsedTime(Volatile.Read(ref _ranAt)) > Pause;

    /// <summary>Notices when this process has not run: it may have been given up by the others meanwhile.</summary>
    public async Task Watch(CancellationToken leaving)
    {
        while (!leaving.IsCancellationRequested)
        {
            await Backoff.Until(Beat, TimeProvider.System, leaving);
            try
            {
                if (Stopwatch.GetElapsedTime(_ranAt) > Pause) await members.Refresh(default, leaving);
                Volatile.Write(ref _ranAt, Stopwatch.GetTimestamp());
            }
            catch (Exception problem) when (!leaving.IsCancellationRequested)
            {
                options.ReportFlow("the membership", problem); // until it is known, reads go to the journal
            }
            catch (OperationCanceledException)
            {
                // Leaving.
            }
        }
    }

    private async Task UntilKnown()
    {
        try
        {
            await _membership.Fresh(CancellationToken.None);
        }
        catch (Exception problem)
        {
            options.ReportFlow("the membership", problem); // as well as it is known
        }

        await UntilHeard(Current());
    }

    private async Task UntilHeard(Round round)
    {
        while (!round.Heard.IsCompleted)
        {
            await round.Heard;
            round = Current(); // it may have changed again
        }
    }

    private Round Current()
    {
        if (Volatile.Read(ref _round) is { } known && known.Of == owners.Version) return known;
        lock (_lock)
        {
            var version = owners.Version;
            if (_round is { } round && round.Of == version) return round;
            var snapshot = members.CurrentSnapshot;
            SiloAddress[] others = [.. snapshot.Members.Keys.Where(s => MayHaveEntities(s, snapshot) && !s.Equals(local.SiloAddress))];
            Volatile.Write(ref _round, round = new Round(version, others.Length)); // before it is asked for: a later one ends it
            using (ExecutionContext.SuppressFlow())
            {
                foreach (var other in others) _ = Task.Run(() => Ask(other, round, snapshot.Version));
                if (others.Length > 0) _ = Task.Delay(Longest).ContinueWith(_ => round.GiveUpWaiting(), TaskScheduler.Default);
            }

            return round;
        }
    }

    private async Task Ask(SiloAddress other, Round round, MembershipVersion version)
    {
        var answer = Handover.Unaware;
        while (answer != Handover.Done && _round == round && MayHaveEntities(other, members.CurrentSnapshot))
        {
            try
            {
                answer = await silos.Learn(other, version).WaitAsync(Longest);
            }
            catch (Exception)
            {
                answer = Handover.Unaware; // it dies, leaves or hangs; the membership tells which
            }

            if (answer != Handover.Unaware) round.HasHeard(other);
            if (answer != Handover.Done) await Task.Delay(Beat);
        }

        round.HasHeard(other);
        round.HasLetGo();
    }

    private static bool MayHaveEntities(SiloAddress silo, ClusterMembershipSnapshot snapshot) =>
        snapshot.GetSiloStatus(silo) is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;

    /// <summary>What the others have answered about one version of the cluster.</summary>
    private sealed class Round
    {
        private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly HashSet<SiloAddress> _aware = [];
        private readonly int _others;
        private int _letGo;

        public Round((MembershipVersion, MajorMinorVersion) version, int others)
        {
            (Of, _others) = (version, others);
            if (others == 0) _heard.SetResult();
        }

        public (MembershipVersion, MajorMinorVersion) Of { get; }

        /// <summary>Completes when all others know, or have not answered in time.</summary>
        public Task Heard => _heard.Task;

        /// <summary>True when all others have let go of what belongs elsewhere.</summary>
        public bool IsOver => Volatile.Read(ref _letGo) == _others;

        public void HasHeard(SiloAddress other)
        {
            lock (_aware)
                if (_aware.Add(other) && _aware.Count == _others) _heard.TrySetResult();
        }

        public void HasLetGo() => Interlocked.Increment(ref _letGo);

        public void GiveUpWaiting() => _heard.TrySetResult();
    }
}
