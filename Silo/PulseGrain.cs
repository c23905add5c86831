using Commerce.Grains;
using Orleans.Concurrency;

namespace Commerce.Silo;

/// <summary>Lives on every silo at once, so that any one can answer.</summary>
[StatelessWorker(1)]
[GrainType("pulse")]
internal sealed class PulseGrain : Grain, IPulseGrain
{
    public Task<bool> Beats() => Task.FromResult(true);
}
