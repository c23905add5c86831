using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal.Memory;

/// <summary>The simulation's checkpoints and parked facts for tests on many threads.</summary>
public sealed class InMemoryCheckpoints(TimeProvider clock) : ICheckpoints
{
    private readonly Lock _gate = new();
    private readonly MemoryCheckpoints _kept = new();

    public Task<long> Load(string subscription, int partition, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_kept.Load(subscription, partition));
    }

    public Task Save(string subscription, int partition, long position, CancellationToken cancel)
    {
        lock (_gate) _kept.Save(subscription, partition, position);
        return Task.CompletedTask;
    }

    public Task Park(string subscription, RecordedFact fact, string reason, CancellationToken cancel)
    {
        lock (_gate) _kept.Park(subscription, fact, reason, clock.GetUtcNow());
        return Task.CompletedTask;
    }

    public Task StillFails(string subscription, int partition, long position, string reason, CancellationToken cancel)
    {
        lock (_gate) _kept.StillFails(subscription, partition, position, reason);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_kept.Parked());
    }

    public Task Unpark(string subscription, int partition, long position, CancellationToken cancel)
    {
        lock (_gate) _kept.Unpark(subscription, partition, position);
        return Task.CompletedTask;
    }
}
