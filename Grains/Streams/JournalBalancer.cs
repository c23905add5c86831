using Commerce.Engine;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// Which silo reads which partition: the queues of a capability are spread evenly over the active silos that host it. Every silo calculates
/// this for itself from the membership table and the manifests, which are the same for all after a moment; two silos may read the same
/// partition for that moment, and each have its reactions: facts are handled twice then, in their order, and have one effect (decision 8).
/// </summary>
internal sealed class JournalBalancer(IServiceProvider services, HostedCapabilities hosted)
    : QueueBalancerBase(services, services.GetRequiredService<ILogger<JournalBalancer>>())
{
    private readonly IClusterMembershipService _members = services.GetRequiredService<IClusterMembershipService>();
    private readonly IClusterManifestProvider _manifests = services.GetRequiredService<IClusterManifestProvider>();
    private Task _watching = Task.CompletedTask;

    public override async Task Initialize(IStreamQueueMapper queueMapper)
    {
        await base.Initialize(queueMapper);
        using (ExecutionContext.SuppressFlow()) _watching = Task.Run(WatchManifests);
    }

    public override async Task Shutdown()
    {
        await base.Shutdown();
        await _watching;
    }

    public override IEnumerable<QueueId> GetMyQueues()
    {
        var silos = PartitionOwners.ActiveSilos(_members, _manifests);
        var followers = Followers(silos.Values);
        foreach (var store in hosted.Stores)
        {
            var readers = Readers(store, silos);
            for (var p = 0; p < readers.Length; p++)
                if (readers[p].Equals(SiloAddress)) yield return JournalQueues.Queue(store.Capability.Name, p, followers);
        }
    }

    /// <summary>The silo that reads each partition of a capability, of those that are active.</summary>
    internal static SiloAddress[] Readers(CapabilityStore store, IReadOnlyDictionary<SiloAddress, GrainManifest> silos) => Spread(
        store.Capability, store.Log.Partitions, [.. silos.Where(s => Hosts(s.Value, store.Capability)).Select(s => s.Key)]);

    /// <summary>
    /// The owner of each partition: its first choice among the hosts that are below their share. So the load is even, and few partitions
    /// move when a silo comes or goes. Capabilities with families choose alike: partitions of one number live together where the same silos
    /// host them (decision 9).
    /// </summary>
    internal static SiloAddress[] Spread(Capability capability, int partitions, IReadOnlyCollection<SiloAddress> hosts)
    {
        if (hosts.Count == 0) return [];
        var chooser = capability.Families.Count > 0 ? "families" : capability.Name;
        var (share, more) = Math.DivRem(partitions, hosts.Count); // more: the number of hosts with one above the share
        var load = hosts.ToDictionary(h => h, _ => 0);
        var owners = new SiloAddress[partitions];
        for (var p = 0; p < partitions; p++)
        {
            owners[p] = hosts.Where(h => load[h] < share || (load[h] == share && more > 0))
                .OrderBy(h => NameHash.Of($"{chooser}/{p}/{h.ToParsableString()}"))
                .ThenBy(h => h.ToParsableString(), StringComparer.Ordinal)
                .First();
            if (load[owners[p]]++ == share) more--;
        }

        return owners;
    }

    protected override void OnClusterMembershipChange(HashSet<SiloAddress> activeSilos) => NotifyListeners().Ignore();

    private static bool Hosts(GrainManifest silo, Capability capability) =>
        capability.Kinds.Any(k => silo.Grains.ContainsKey(GrainType.Create(k.Name)));

    // An agent looks for implicit subscribers of a stream only when it takes a queue. So the followers are part of the queue's name: when
    // the first silo comes that has a class of followers, the queues have other names, and all of them are taken anew (decision 8).
    private static uint Followers(IEnumerable<GrainManifest> silos) => NameHash.Of(string.Join('\n', silos
        .SelectMany(s => s.Grains)
        .Where(g => g.Value.Properties.Any(p =>
            p.Key.EndsWith($".{WellKnownGrainTypeProperties.BindingTypeKey}", StringComparison.Ordinal)
            && p.Value == WellKnownGrainTypeProperties.StreamBindingTypeValue))
        .Select(g => g.Key.ToString())
        .Distinct()
        .Order(StringComparer.Ordinal)));

    private async Task WatchManifests()
    {
        try
        {
            await foreach (var _ in _manifests.Updates.WithCancellation(Cancellation)) NotifyListeners().Ignore();
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
