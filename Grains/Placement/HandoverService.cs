using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Commerce.Grains;

/// <summary>Answers other silos.</summary>
internal sealed class HandoverService(
    GrainId id, Silo silo, ILoggerFactory logs, IClusterMembershipService members, PartitionOwners owners, EntityHost entities)
    : GrainService(id, silo, logs), IHandoverService
{
    public async Task<Handover> Learn(MembershipVersion version)
    {
        await members.Refresh(version, CancellationToken.None);
        return members.CurrentSnapshot.Version < version ? Handover.Unaware
            : entities.HasMisplaced || !owners.IsComplete ? Handover.Aware : Handover.Done;
    }
}

/// <summary>Asks other silos.</summary>
internal sealed class HandoverClient(IServiceProvider services) : GrainServiceClient<IHandoverService>(services)
{
    /// <summary>Asks this one.</summary>
    public Task<Handover> Learn(SiloAddress silo, MembershipVersion version) => GetGrainService(silo).Learn(version);
}
