using Commerce.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace Commerce.Grains.Client;

/// <summary>Makes an Orleans client a caller of the capabilities' entities.</summary>
public static class CommerceClusterClient
{
    /// <summary>
    /// Offers <see cref="IEntities"/>, whose calls are repeated when they are lost, until their deadline; and <see cref="InFlightCalls"/>
    /// for a graceful stop.
    /// </summary>
    /// <param name="all">All capabilities of the cluster.</param>
    /// <param name="clock">What deadlines are read by; null: the system's.</param>
    public static IClientBuilder AddCommerce(this IClientBuilder client, IReadOnlyList<Capability> all, TimeProvider? clock = null)
    {
        client.Services
            .AddSingleton<InFlightCalls>()
            .AddSingleton<IOutgoingGrainCallFilter>(
                services => new RetryingCallFilter(clock ?? TimeProvider.System, services.GetRequiredService<InFlightCalls>()))
            .AddCommerceEntities(all);
        return client.Configure<ClientMessagingOptions>(o =>
        {
            o.ResponseTimeout = ClusterTimeouts.Response;
            (o.MaxMessageHeaderSize, o.MaxMessageBodySize) = (MessageSizes.Header, MessageSizes.Body);
        });
    }

    /// <summary>What client and silo have in common: the encoding, and the entities by their contracts.</summary>
    internal static IServiceCollection AddCommerceEntities(this IServiceCollection services, IReadOnlyList<Capability> all) => services
        .AddSingleton(new WireTypes(all))
        .AddSingleton<WireCodecs>()
        .AddSingleton<ISpecializableCodec>(s => s.GetRequiredService<WireCodecs>())
        .AddSingleton<ISpecializableCopier>(s => s.GetRequiredService<WireCodecs>())
        .AddSingleton<ITypeFilter>(s => s.GetRequiredService<WireCodecs>())
        .AddSingleton<IEntities>(s => ActivatorUtilities.CreateInstance<ClusterEntities>(s, all));
}
