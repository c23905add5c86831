using System.Globalization;
using Commerce.Engine;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// Orleans streams whose source are the capabilities' journals (decision 8): one stream a partition, with the capability's name as its
/// namespace and the partition as its key. They carry <see cref="Kernel.RecordedFact"/>, every fact at least once and in order, and can
/// be rewound to any position: to resume at token T means that everything up to T is known, so that what comes after it follows.
/// </summary>
public static class JournalStreams
{
    public const string Provider = "journal";

    // An agent that gives up on a batch goes on with the next one, which would be a gap. Facts are kept for ever, so their delivery is
    // retried for ever.
    private static readonly TimeSpan Practically = TimeSpan.FromDays(10_000);

    /// <summary>
    /// Adds the provider. It needs <see cref="HostedCapabilities"/> and <see cref="EngineOptions"/>, and for explicit subscriptions a grain
    /// storage named <c>PubSubStore</c>. That reactions leave when their partition does is for the host to see to
    /// (<see cref="SiloLifecycleHooks"/>).
    /// </summary>
    public static ISiloBuilder AddJournalStreams(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<PartitionOwners>().AddSingleton<ReactionHost>();
        silo.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>()
            .AddGrainDirectory(PartitionDirectory.Name, (sp, _) => new PartitionDirectory(sp.GetRequiredService<PartitionOwners>()));
        return silo.AddPersistentStreams(Provider, Adapter, streams =>
        {
            streams.ConfigurePullingAgent(agents => agents.Configure(options =>
            {
                options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(50); // the receiver does the waiting
                options.MaxEventDeliveryTime = Practically;
                options.StreamInactivityPeriod = Practically; // one stream a queue: forgetting it saves nothing
            }));
            streams.ConfigurePartitionBalancing((services, _) =>
                new JournalBalancer(services, services.GetRequiredService<HostedCapabilities>()));
            streams.ConfigureBackoffProvider((services, _) => (IMessageDeliveryBackoffProvider)Backoff(services));
            streams.ConfigureBackoffProvider((services, _) => (IQueueReaderBackoffProvider)Backoff(services));
        });
    }

    /// <summary>The stream of a partition.</summary>
    public static StreamId StreamOf(string capability, int partition) =>
        StreamId.Create(capability, partition.ToString(CultureInfo.InvariantCulture));

    /// <summary>The token that says: everything up to this position is known.</summary>
    public static StreamSequenceToken TokenOf(long position) => new EventSequenceTokenV2(position);

    private static JournalAdapter Adapter(IServiceProvider services, string name) => new(
        name, services.GetRequiredService<HostedCapabilities>(), services.GetRequiredService<EngineOptions>());

    private static JournalBackoff Backoff(IServiceProvider services) => new(services.GetRequiredService<EngineOptions>());
}
