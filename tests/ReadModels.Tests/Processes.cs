using Commerce.Engine;
using Npgsql;

namespace Commerce.ReadModels.Tests;

/// <summary>
/// Processes that follow one growing log with one read model at the same time. Again and again one of them is interrupted in the middle of
/// any step, and some of them are gone then and begin anew; now and then one rebuilds the tables.
/// </summary>
internal sealed class Processes(ReadModel model, GrowingLog log, NpgsqlDataSource database, PersonalData personal, int seed)
{
    private const int Count = 3;

    private const int Enough = 5; // fewer interruptions would mean little

    private int _interrupted;

    /// <summary>Completes when each of them has found everything in the tables, after enough steps were interrupted.</summary>
    public Task Follow() => Task.WhenAll(Enumerable.Range(0, Count).Select(n => Task.Run(() => Follow(n))));

    private async Task Follow(int number)
    {
        var random = new Random((seed * Count) + number);
        for (var tables = Begin(); ;)
        {
            log.Grow();
            using var interrupted = new CancellationTokenSource();
            if (random.Next(2) == 0) interrupted.CancelAfter(TimeSpan.FromMilliseconds(random.Next(12)));
            try
            {
                var looked = await tables.Step(interrupted.Token);
                if (looked is null || (number == 0 && random.Next(30) == 0)) await Build(fresh: looked is not null, interrupted.Token);
                else if (looked == 0 && log.Complete && _interrupted >= Enough) return;
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                Interlocked.Increment(ref _interrupted);
                if (random.Next(2) == 0) tables = Begin();
            }
        }
    }

    private ProjectionSchema Begin() => new(model, model.Schema, log, database, personal);

    private async Task Build(bool fresh, CancellationToken cancel)
    {
        using var projection = new Projection(model, log, database, personal);
        await projection.Build(fresh, null, cancel);
    }
}
