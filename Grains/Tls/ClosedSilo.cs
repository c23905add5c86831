using Commerce.Grains.Client;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Commerce.Grains;

/// <summary>
/// Who may speak to a silo, and about what: its port for silos takes silos alone, its port for clients takes gateways alone, and clients
/// reach contracts only (decision 22); each command shows whose it is (decision 33).
/// </summary>
public static class ClosedSilo
{
    /// <summary>Clients reach contracts, what gateways ask of silos, and nothing else of Orleans.</summary>
    public static ISiloBuilder CloseToClients(this ISiloBuilder silo) => silo.AddIncomingGrainCallFilter<SiloCallFilter>();

    /// <summary>
    /// From now on there is no connection without a certificate of this cluster. Silos seal what they call, and with
    /// <see cref="CloseToClients"/> take no command without the seal of its caller.
    /// </summary>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder silo, ClusterIdentity identity, TimeProvider? clock = null)
    {
        silo.Services.AddSingleton(new CallerCheck(identity, clock ?? TimeProvider.System));
        silo.AddOutgoingGrainCallFilter(new CallerSealing(identity, clock ?? TimeProvider.System));
        return silo.Configure<SiloConnectionOptions>(o =>
        {
            o.ConfigureSiloInboundConnection(connection => connection.Takes(identity, ClusterIdentity.Silo));
            o.ConfigureGatewayInboundConnection(connection => connection.Takes(identity, ClusterIdentity.Gateway));
            o.ConfigureSiloOutboundConnection(connection => connection.Calls(identity));
        });
    }
}
