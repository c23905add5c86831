using Commerce.Grains;
using Orleans.Concurrency;

namespace Commerce.Grains;

/// <summary>Lives on every silo at once, so that any one can answer.</summary>
[StatelessWorker(1)]
[GrainType("ping")]
internal sealed class PingGrain : Grain, IPingGrain
{
    public Task<bool> Ping() => Task.FromResult(true);
}
