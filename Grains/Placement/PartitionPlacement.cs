using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Commerce.Grains;

/// <summary>
/// Places an entity on the silo that reads its journal partition (<see cref="PartitionOwners"/>, decisions 9 and 17), and a reaction where
/// the partition is read that it follows. So one silo commits to a partition: no silo waits for another's lock on it, more appends share a
/// commit, and followers find the facts in their own silo's cache.
/// </summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Places a grain class by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>
/// Finds the silo. A silo that does not host the capability does not know its partitions, and asks any that does, which forwards the call.
/// </summary>
internal sealed class PartitionPlacementDirector(PartitionOwners owners) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var hosts = context.GetCompatibleSilos(target);
        return Task.FromResult(owners.Of(target.GrainIdentity) is { } owner && hosts.Contains(owner)
            ? owner
            : hosts.Order().ElementAt((int)(target.GrainIdentity.GetUniformHashCode() % (uint)hosts.Length)));
    }
}
