using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Keeps one read model up with the journal, and builds it where there is none.</summary>
internal sealed class ProjectionRunner(
    ReadModel model, IFactLog log, NpgsqlDataSource database, AdvisoryLockLeader leadership, Action<ReadModel, Exception> report)
{
    /// <summary>Facts that come within this time are taken together: it bounds the cost, and is the lag in quiet times.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(40);

    /// <summary>In busy times more are: a row that changes several times in a moment is written once.</summary>
    private static readonly TimeSpan BusyGather = TimeSpan.FromMilliseconds(200);

    /// <summary>Number of facts within <see cref="Gather"/> that counts as busy.</summary>
    private const long Busy = 40;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(15);

    private readonly ProjectionSchema _live = new(model, model.Schema, log, database);
    private readonly SemaphoreSlim _building = new(1);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _problem;

    public ReadModel Model => model;

    public string Name => $"{model.Capability.Name}/{model.Name}";

    /// <summary>
    /// Follows until cancelled, while no other process does. A failure is reported and tried again; it stops no other read model.
    /// </summary>
    public async Task Run(CancellationToken cancel)
    {
        for (var failures = 0; !cancel.IsCancellationRequested;)
        {
            try
            {
                if (!await leadership.Holds(model.Schema, cancel))
                {
                    await Task.Delay(AdvisoryLockLeader.LookEvery, cancel);
                    continue;
                }

                var changed = log.Changed(cancel);
                var looked = await _live.Step(cancel);
                if (looked is null) await Build(fresh: false, null, cancel);
                Moved(null);
                failures = 0;
                if (looked == 0) await changed;
                if (looked < _live.Share) await Task.Delay(looked < Busy ? Gather : BusyGather, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                report(model, problem);
                Moved(problem);
                await Task.Delay(Backoff(failures++), cancel).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    /// <summary>
    /// Builds tables aside and puts them in the place of the complete ones, which serve and follow until then. An interrupted building
    /// goes on where it was, unless a fresh one is wanted.
    /// </summary>
    public async Task Build(bool fresh, IProgress<RebuildProgress>? progress, CancellationToken cancel)
    {
        await _building.WaitAsync(cancel);
        try
        {
            if (!fresh && await _live.Positions(cancel) is not null) return; // another process was faster
            var next = new ProjectionSchema(model, ProjectionSchema.Next(model), log, database);
            if (fresh) await next.Drop(cancel);
            var heads = await log.Heads(cancel);
            var done = (await next.Positions(cancel) ?? []).Sum();
            do
            {
                await next.Create(cancel);
                while (await next.Step(cancel) is > 0 and var looked)
                    progress?.Report(new RebuildProgress(Name, done += looked, Math.Max(heads.Sum(), done)));
            }
            while (!await next.TakeOver(heads, cancel));
            Moved(null);
        }
        finally
        {
            _building.Release();
        }
    }

    /// <summary>Completes when all that was committed before the call is in the complete tables.</summary>
    public async Task CaughtUp(CancellationToken cancel)
    {
        var heads = await log.Heads(cancel);
        while (true)
        {
            var moved = _moved.Task;
            if (await _live.Positions(cancel) is { } positions && !ProjectionSchema.Behind(positions, heads)) return;
            await Task.WhenAny(moved, Task.Delay(AdvisoryLockLeader.LookEvery, cancel)); // another process may be the one that moves them
            cancel.ThrowIfCancellationRequested();
        }
    }

    public async Task<ReadModelStatus> Status(CancellationToken cancel)
    {
        var positions = await _live.Positions(cancel);
        var lag = (await log.Heads(cancel)).Sum() - (positions ?? []).Sum();
        var state = positions is null ? ReadModelState.Building
            : _building.CurrentCount == 0 ? ReadModelState.Rebuilding
            : ReadModelState.Following;
        return new ReadModelStatus(model.Capability.Name, model.Name, model.Version, state, lag, _problem?.Message);
    }

    private void Moved(Exception? problem)
    {
        _problem = problem;
        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private static TimeSpan Backoff(int failures)
    {
        var backoff = FirstBackoff * Math.Pow(2, Math.Min(failures, 10));
        return backoff < MaxBackoff ? backoff : MaxBackoff;
    }
}
