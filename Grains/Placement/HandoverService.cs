using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Commerce.Grains;

/// <summary>Answers other silos.</summary>
internal sealed class HandoverService(
    GrainId id, Silo silo, ILoggerFactory logs, IClusterMembershipService members, PartitionOwners owners, EntityHost entities)
    : GrainService(id, silo, logs), IHandoverService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private const int Looks = 40;

    public async Task<Handover> Learn(MembershipVersion version, SiloAddress[] active)
    {
        await members.Refresh(version, CancellationToken.None);
        for (var look = 0; look < Looks; look++)
        {
            if (owners.Knows(version, active)) return entities.HasMisplaced ? Handover.Aware : Handover.Done;
            await Task.Delay(Look); // a new silo's manifest is fetched from it
        }

        return Handover.Unaware;
    }
}

/// <summary>Asks other silos.</summary>
internal sealed class HandoverClient(IServiceProvider services) : GrainServiceClient<IHandoverService>(services)
{
    /// <summary>Asks this one.</summary>
    public Task<Handover> Learn(SiloAddress silo, MembershipVersion version, SiloAddress[] active) =>
        GetGrainService(silo).Learn(version, active);
}
