using System.Collections.Concurrent;
using Commerce.Engine;
using Orleans.GrainDirectory;
using Orleans.Metadata;
using Orleans.Runtime;

namespace Commerce.Grains;

/// <summary>
/// The silo that each entity belongs to: the one that reads its journal partition (<see cref="JournalBalancer"/>), as far as this silo
/// knows the cluster. Silos with an older version of the entity's interface are left out, as newer callers cannot use them. A reaction
/// belongs to the silo that reads the partition that it follows (decision 17).
/// </summary>
internal sealed class PartitionOwners(
    HostedCapabilities hosted, IClusterMembershipService members, IClusterManifestProvider manifests, ILocalSiloDetails local)
{
    private volatile Table? _table;

    /// <summary>Changes when entities and reactions may belong to other silos.</summary>
    public (MembershipVersion Members, MajorMinorVersion Manifests) Version =>
        (members.CurrentSnapshot.Version, manifests.Current.Version);

    /// <summary>
    /// The owner of an entity or a reaction; null where this silo cannot know, or the one that would be does not host it.
    /// </summary>
    public SiloAddress? Of(GrainId grain) =>
        PlacesOf(grain.Type) is { Owners.Length: > 0 } places ? places.Owners[places.PartitionOf(grain)] : null;

    /// <summary>
    /// True when this silo knows what each active silo has. What a new one has is fetched from it, which may take long; until then it is
    /// not known which entities belong to it.
    /// </summary>
    public bool IsComplete => Known.IsComplete;

    /// <summary>True for an entity or a reaction that belongs to this silo.</summary>
    public bool IsHere(GrainId grain) => Of(grain) is { } owner && owner.Equals(local.SiloAddress);

    /// <summary>True for an entity or a reaction that belongs to another silo.</summary>
    public bool IsElsewhere(GrainId grain) => Of(grain) is { } owner && !owner.Equals(local.SiloAddress);

    /// <summary>The silos that are active, and what each of them has.</summary>
    public static Dictionary<SiloAddress, GrainManifest> ActiveSilos(
        IClusterMembershipService members, IClusterManifestProvider manifests)
    {
        var known = members.CurrentSnapshot.Members;
        return manifests.Current.Silos
            .Where(s => known.TryGetValue(s.Key, out var member) && member.Status == SiloStatus.Active)
            .ToDictionary(s => s.Key, s => s.Value);
    }

    // Of the present version. What is calculated late for it may be of a later one, and is calculated again then.
    private Table Known
    {
        get
        {
            var version = Version;
            if (_table is { } known && known.Of == version) return known;
            var active = members.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active);
            return _table = new Table(version, active.All(m => manifests.Current.Silos.ContainsKey(m.SiloAddress)));
        }
    }

    private Places? PlacesOf(GrainType type)
    {
        var table = Known;
        if (!table.Places.TryGetValue(type, out var places)) table.Places[type] = places = Calculated(type);
        return places;
    }

    private Places? Calculated(GrainType type)
    {
        var name = type.ToString();
        if (hosted.Stores.FirstOrDefault(s => s.Capability.Kinds.Any(k => k.Name == name)) is { } store)
        {
            var hosts = ActiveSilos(members, manifests).Where(s => s.Value.Grains.ContainsKey(type)).ToList();
            var newest = hosts.Select(h => InterfaceVersion(h.Value, type)).DefaultIfEmpty().Max();
            return new(
                grain => store.Log.PartitionOf(grain.ToEntity()),
                JournalBalancer.Spread(
                    store.Capability, store.Log.Partitions,
                    [.. hosts.Where(h => InterfaceVersion(h.Value, type) == newest).Select(h => h.Key)]));
        }

        if (hosted.Stores.SelectMany(s => s.Capability.Reactions).FirstOrDefault(r => r.Name == name) is not { } reaction) return null;
        if (hosted.Find(reaction.Source) is not { } source) return null;
        var active = ActiveSilos(members, manifests);
        return new(
            ReactionGrain.PartitionOf,
            [.. JournalBalancer.Readers(source, active).Select(r => active[r].Grains.ContainsKey(type) ? r : null)]);
    }

    private static int InterfaceVersion(GrainManifest silo, GrainType type) => silo.Grains[type].Properties
        .Where(p => p.Key.StartsWith(WellKnownGrainTypeProperties.ImplementedInterfacePrefix, StringComparison.Ordinal))
        .Select(p => silo.Interfaces.TryGetValue(GrainInterfaceType.Create(p.Value), out var contract)
            && contract.Properties.TryGetValue(WellKnownGrainInterfaceProperties.Version, out var text)
            && int.TryParse(text, out var version) ? version : 0)
        .DefaultIfEmpty().Max();

    /// <summary>What follows from one version of the cluster.</summary>
    private sealed class Table((MembershipVersion Members, MajorMinorVersion Manifests) of, bool isComplete)
    {
        public (MembershipVersion Members, MajorMinorVersion Manifests) Of => of;

        public bool IsComplete => isComplete;

        public ConcurrentDictionary<GrainType, Places?> Places { get; } = new();
    }

    /// <summary>Where the grains of one type belong.</summary>
    /// <param name="PartitionOf">The partition of each.</param>
    /// <param name="Owners">By partition.</param>
    private sealed record Places(Func<GrainId, int> PartitionOf, SiloAddress?[] Owners);
}

/// <summary>
/// The directory of entities and reactions: nothing is asked and nothing is kept, as the place follows from the id. A silo that is called
/// for one of another silo forwards the call. While silos disagree for a moment, one may be in memory twice, which costs time and is
/// harmless: the journal takes only what was decided on an entity's latest version, and what two reactions do is done once, by the ids of
/// their operations (decision 17).
/// </summary>
internal sealed class PartitionDirectory(PartitionOwners owners) : IGrainDirectory
{
    /// <summary>By which grain classes name it.</summary>
    public const string Name = "partition";

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null); // the placement tells

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(
        owners.Of(address.GrainId) is not { } owner || owner.Equals(address.SiloAddress)
            ? address
            : new GrainAddress
            {
                GrainId = address.GrainId, SiloAddress = owner, ActivationId = ActivationId.NewId(),
                MembershipVersion = address.MembershipVersion,
            });

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
