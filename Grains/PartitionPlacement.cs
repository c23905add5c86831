using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Commerce.Grains;

/// <summary>
/// Places an entity on the silo that reads its journal partition (<see cref="JournalBalancer"/>, decision 9). So one silo commits to a
/// partition: no silo waits for another's lock on it, more appends share a commit, and followers find the facts in their own silo's cache.
/// It is a preference and nothing depends on it: an entity that was placed before a silo came or went stays where it is.
/// </summary>
[Serializable, GenerateSerializer, Immutable, SuppressReferenceTracking]
public sealed class PartitionPlacement : PlacementStrategy;

/// <summary>Places a grain class by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <summary>
/// Finds the silo. A silo that does not host the capability does not know its partitions, and spreads entities by their ids.
/// </summary>
internal sealed class PartitionPlacementDirector(HostedCapabilities hosted) : IPlacementDirector
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SiloAddress[] Hosts, SiloAddress[] Owners)> _known = [];

    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var hosts = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, hosts) is { } hint) return Task.FromResult(hint);
        var entity = target.GrainIdentity.ToEntity();
        if (hosted.Stores.FirstOrDefault(s => s.Capability.Kinds.Any(k => k.Name == entity.Kind)) is { } store)
            return Task.FromResult(Owners(store, hosts)[store.Log.PartitionOf(entity)]);
        return Task.FromResult(hosts.Order().ElementAt((int)(target.GrainIdentity.GetUniformHashCode() % (uint)hosts.Length)));
    }

    private SiloAddress[] Owners(CapabilityStore store, SiloAddress[] hosts)
    {
        var capability = store.Capability.Name;
        lock (_lock)
        {
            if (_known.TryGetValue(capability, out var known) && known.Hosts.AsSpan().SequenceEqual(hosts)) return known.Owners;
            var owners = JournalBalancer.Spread(store.Capability, store.Log.Partitions, hosts);
            _known[capability] = (hosts, owners);
            return owners;
        }
    }
}
