using Commerce.Engine;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>One read model over its database: its complete tables, and how others are built to take their place.</summary>
internal sealed class Projection(ReadModel model, IFactLog log, NpgsqlDataSource database, PersonalData personal) : IDisposable
{
    private readonly SemaphoreSlim _building = new(1);
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _problem;

    public ReadModel Model => model;

    public string Name => $"{model.Capability.Name}/{model.Name}";

    /// <summary>The complete tables.</summary>
    public ProjectionSchema Live { get; } = new(model, model.Schema, log, database, personal);

    public void Dispose() => _building.Dispose();

    /// <summary>
    /// Builds tables aside and puts them in the place of the complete ones, which serve and follow until then. An interrupted building
    /// goes on where it was, unless a fresh one is wanted.
    /// </summary>
    /// <returns>How many facts were looked at.</returns>
    public async Task<long> Build(bool fresh, IProgress<RebuildProgress>? progress, CancellationToken cancel)
    {
        await _building.WaitAsync(cancel);
        try
        {
            if (!fresh && await Live.Positions(cancel) is not null) return 0; // another process was faster
            var next = new ProjectionSchema(model, ProjectionSchema.Next(model), log, database, personal);
            if (fresh) await next.Discard(cancel);
            var heads = await log.Heads(cancel);
            var done = (await next.Positions(cancel) ?? []).Sum();
            do
            {
                await next.Create(cancel);
                while (await next.Step(cancel) is > 0 and var looked)
                {
                    done += looked;
                    progress?.Report(new RebuildProgress(Name, done, Math.Max(heads.Sum(), done)));
                }
            }
            while (!await next.TakeOver(heads, cancel));
            Moved(null);
            return done;
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
            if (await Live.Positions(cancel) is { } positions && !ProjectionSchema.Behind(positions, heads)) return;
            await Task.WhenAny(moved, Task.Delay(AdvisoryLockLeader.LookEvery, cancel)); // another process may be the one that moves them
            cancel.ThrowIfCancellationRequested();
        }
    }

    public async Task<ReadModelStatus> Status(CancellationToken cancel)
    {
        var positions = await Live.Positions(cancel);
        var lag = (await log.Heads(cancel)).Sum() - (positions ?? []).Sum();
        var state = positions is null ? ReadModelState.Building
            : _building.CurrentCount == 0 ? ReadModelState.Rebuilding
            : ReadModelState.Following;
        return new ReadModelStatus(model.Capability.Name, model.Name, model.Version, state, lag, _problem?.Message);
    }

    /// <summary>The tables may have moved on; or they could not, because of a problem.</summary>
    public void Moved(Exception? problem)
    {
        _problem = problem;
        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
