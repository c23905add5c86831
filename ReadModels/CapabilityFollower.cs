using System.Diagnostics;
using Commerce.Engine;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>
/// Keeps the read models of one capability up with its journal: those at the same positions together, in one transaction. One that fails
/// goes on alone, later, and harms no other; one without complete tables is built beside the others.
/// </summary>
internal sealed class CapabilityFollower(
    IReadOnlyList<Projection> projections, IFactLog log, NpgsqlDataSource database, AdvisoryLockLeader leadership,
    Action<ReadModel, Exception> report)
{
    /// <summary>Facts that come within this time are taken together: it bounds the cost, and is the lag in quiet times.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(100);

    /// <summary>In busy times more are: a row that changes several times in a moment is written once.</summary>
    private static readonly TimeSpan BusyGather = TimeSpan.FromMilliseconds(200);

    /// <summary>Number of facts within <see cref="Gather"/> that counts as busy.</summary>
    private const long Busy = 40;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(15);

    private readonly Member[] _members = [.. projections.Select(p => new Member(p))];

    /// <summary>Follows until cancelled those that no other process follows. Failures are reported and tried again.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var changed = log.Changed(cancel); // before the read, so that no commit is missed
                var ready = new List<Member>();
                foreach (var member in _members)
                    if (await IsReady(member, cancel)) ready.Add(member);
                var (looked, more) = (0L, false);
                foreach (var together in ready.GroupBy(m => string.Join(',', m.Tables.Known!)))
                {
                    var taken = await Take([.. together], cancel);
                    (looked, more) = (looked + taken, more || taken >= log.Share(together.Min(m => m.Tables.Model.BatchSize)));
                }

                if (more) continue;
                if (looked == 0) await Next(changed, cancel);
                await Task.Delay(looked < Busy ? Gather : BusyGather, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Task.WhenAll(_members.Select(m => m.Building));
        }
    }

    // With a new commit, or when it is time to look after those that wait for something else.
    private async Task Next(Task changed, CancellationToken cancel)
    {
        var waiting = _members.Where(m => m.Waits).Select(m => m.Left).DefaultIfEmpty(Timeout.InfiniteTimeSpan).Min();
        if (waiting == Timeout.InfiniteTimeSpan) await changed;
        else await Task.WhenAny(changed, Task.Delay(waiting, cancel));
        cancel.ThrowIfCancellationRequested();
    }

    private async Task<bool> IsReady(Member member, CancellationToken cancel)
    {
        if (member.Left > TimeSpan.Zero) return false;
        try
        {
            if (!member.Building.IsCompleted || !await leadership.Holds(member.Tables.Model.Schema, cancel))
            {
                member.Wait(AdvisoryLockLeader.LookEvery);
                return false;
            }

            member.Wait(TimeSpan.Zero);
            if (member.Tables.Known is not null || await member.Tables.Positions(cancel) is not null) return true;
            member.Building = Build(member, cancel);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            Failed(member, problem);
        }

        return false;
    }

    private async Task<long> Take(IReadOnlyList<Member> together, CancellationToken cancel)
    {
        try
        {
            var looked = await ProjectionSchema.Step([.. together.Select(m => m.Tables)], log, database, cancel);
            foreach (var member in together) member.Moved();
            return looked;
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            if (together.Count == 1)
            {
                Failed(together[0], problem);
                return 0;
            }
        }

        // The failure is of one of them, most likely: each for itself, so that the others go on.
        var sum = 0L;
        foreach (var member in together)
            if (await IsReady(member, cancel)) sum += await Take([member], cancel);
        return sum;
    }

    private async Task Build(Member member, CancellationToken cancel)
    {
        try
        {
            await member.Projection.Build(fresh: false, null, cancel);
            member.Moved();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            if (!cancel.IsCancellationRequested) Failed(member, problem);
        }
    }

    private void Failed(Member member, Exception problem)
    {
        report(member.Tables.Model, problem);
        member.Failed(problem);
    }

    private sealed class Member(Projection projection)
    {
        private long _since;
        private TimeSpan _pause;
        private int _failures;

        public Projection Projection => projection;

        public ProjectionSchema Tables => projection.Live;

        public Task Building { get; set; } = Task.CompletedTask;

        /// <summary>How long nothing is done for it yet.</summary>
        public TimeSpan Left => _pause - Stopwatch.GetElapsedTime(_since) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

        /// <summary>True while it does not follow.</summary>
        public bool Waits => _pause > TimeSpan.Zero || Tables.Known is null;

        public void Moved()
        {
            (_pause, _failures) = (TimeSpan.Zero, 0);
            projection.Moved(null);
        }

        public void Failed(Exception problem)
        {
            Wait(Backoff.After(++_failures, FirstBackoff, MaxBackoff, Random.Shared));
            projection.Moved(problem);
        }

        public void Wait(TimeSpan pause) => (_since, _pause) = (Stopwatch.GetTimestamp(), pause);
    }
}
