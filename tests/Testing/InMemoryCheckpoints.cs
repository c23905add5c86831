using Commerce.Kernel;

namespace Commerce.Testing;

/// <summary>Checkpoints and parked facts in memory.</summary>
public sealed class InMemoryCheckpoints(TimeProvider clock) : ICheckpoints
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, int), long> _positions = [];
    private readonly Dictionary<(string, int, long), ParkedFact> _parked = [];

    public Task<long> Load(string subscription, int partition, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_positions.GetValueOrDefault((subscription, partition)));
    }

    public Task Save(string subscription, int partition, long position, CancellationToken cancel)
    {
        lock (_gate)
        {
            _positions[(subscription, partition)] = Math.Max(position, _positions.GetValueOrDefault((subscription, partition)));
            return Task.CompletedTask;
        }
    }

    public Task Park(string subscription, Recorded fact, string reason, CancellationToken cancel)
    {
        lock (_gate)
        {
            var key = (subscription, fact.Partition, fact.Position);
            var since = _parked.TryGetValue(key, out var first) ? first.ParkedAt : clock.GetUtcNow();
            _parked[key] = new ParkedFact(subscription, fact, reason, since);
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<ParkedFact>>([.. _parked.Values.OrderBy(p => p.ParkedAt)]);
    }

    public Task Unpark(string subscription, int partition, long position, CancellationToken cancel)
    {
        lock (_gate)
        {
            _parked.Remove((subscription, partition, position));
            return Task.CompletedTask;
        }
    }
}
