using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Commerce.Grains;

/// <summary>Retries and gives up what this silo's reactions could not handle, when this is the silo that was meant.</summary>
[GrainType("parked-facts"), PreferLocalPlacement, Reentrant]
internal sealed class ParkedFactsGrain(ILocalSiloDetails silo, HostedCapabilities hosted, ReactionHost reactions)
    : SiloGrain(silo), IParkedFactsGrain
{
    private readonly ParkedFacts _parked = new(hosted.Stores, reactions.Delivery);

    public async Task<RetriedFact?> Retry(string subscription, int partition, long position)
    {
        try
        {
            return IsMeant() && await _parked.Retry(subscription, partition, position, default) ? new RetriedFact(null) : null;
        }
        catch (Exception again) when (again is not UnavailableException)
        {
            return new RetriedFact(again.Message);
        }
    }

    public async Task<bool> GiveUp(string subscription, int partition, long position) =>
        IsMeant() && await _parked.GiveUp(subscription, partition, position, default);
}
