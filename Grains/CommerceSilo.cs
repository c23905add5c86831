using System.Reflection;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Commerce.Grains;

/// <summary>Makes an Orleans silo a host of capabilities.</summary>
public static class CommerceSilo
{
    /// <summary>
    /// Hosts the entities, alarms and reactions of the capabilities whose stores are given, and calls those of all others where they live.
    /// Entities get their ports (such as a payment provider) from the silo's services. Reminders, membership and addresses are the
    /// host's to choose.
    /// </summary>
    /// <param name="stores">Each capability that this silo is to host, with its database.</param>
    /// <param name="all">All capabilities of the cluster.</param>
    /// <param name="options">How to host.</param>
    public static ISiloBuilder AddCommerce(
        this ISiloBuilder silo, IReadOnlyList<CapabilityStore> stores, IReadOnlyList<Capability> all, EngineOptions options)
    {
        silo.Services
            .AddSingleton(new HostedCapabilities(stores) { All = all })
            .AddSingleton(options)
            .AddSingleton<EntityHost>()
            .AddSingleton<HandoverClient>()
            .AddSingleton<PartitionHandover>()
            .AddGrainService<HandoverService>()
            .AddSingleton(new Replicas(stores, options))
            .AddSingleton<SiloEntities>()
            .AddSingleton<AlarmHost>()
            .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloLifecycleHooks>()
            .AddSingleton<IOutgoingGrainCallFilter>(new RetryingCallFilter(options.Clock))
            .AddCommerceEntities(all)
            .PostConfigure<GrainTypeOptions>(types => types.Classes.RemoveWhere(c => !IsHosted(c, stores)));
        return silo
            // Places are calculated, so that little is won by keeping them, and the dashboard counts what is kept each second.
            .Configure<GrainDirectoryOptions>(o => o.CacheSize = 10_000)
            .AddJournalStreams()
            .Configure<SiloMessagingOptions>(o =>
            {
                o.ResponseTimeout = ClusterTimeouts.Response;
                (o.MaxMessageHeaderSize, o.MaxMessageBodySize) = (MessageSizes.Header, MessageSizes.Body);
            })
            .Configure<ReminderOptions>(o => o.MinimumReminderPeriod = AlarmsGrain.ReminderPeriod)
            .Configure<GrainCollectionOptions>(o => LetGoOfIdle(o, options.IdleTime));
    }

    /// <summary>True for what every silo has, and for what belongs to a hosted capability.</summary>
    private static bool IsHosted(Type grain, IReadOnlyList<CapabilityStore> stores)
    {
        if (grain.GetCustomAttribute<OfCapabilityAttribute>() is { } of) return stores.Any(s => s.Capability.Name == of.Capability);
        if (ContractOf(grain) is { } contract) return stores.Any(s => s.Capability.Kinds.Any(k => k.Contract == contract));
        return grain.Assembly != typeof(CommerceSilo).Assembly || grain.IsDefined(typeof(StatelessWorkerAttribute))
            || grain.IsAssignableTo(typeof(SiloGrain))
            ? true
            : throw new InvalidOperationException($"{grain.Name} belongs to no capability; say to which one with [OfCapability].");
    }

    /// <summary>The contract of the entity that a class hosts, or null.</summary>
    internal static Type? ContractOf(Type grain)
    {
        var type = grain;
        while (type is not null && !(type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(EntityGrain<>)))
            type = type.BaseType;
        return type?.GenericTypeArguments[0];
    }

    // The number of entities in memory is bounded by memory and not by a number: their sizes differ by a factor of a thousand, and loading
    // one again costs one read. When the machine runs short, the least recently used leave early (decision 9).
    private static void LetGoOfIdle(GrainCollectionOptions collection, TimeSpan idleTime)
    {
        collection.CollectionAge = idleTime;
        collection.CollectionQuantum = idleTime / 5 < TimeSpan.FromSeconds(30) ? idleTime / 5 : TimeSpan.FromSeconds(30);
        collection.EnableActivationSheddingOnMemoryPressure = true;
    }
}
