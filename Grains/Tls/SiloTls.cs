using Commerce.Grains.Client;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Commerce.Grains;

/// <summary>TLS of a silo: its port for silos takes silos alone, its port for clients takes gateways alone.</summary>
public static class SiloTls
{
    /// <summary>From now on there is no connection without a certificate of this cluster.</summary>
    public static ISiloBuilder UseClusterTls(this ISiloBuilder silo, ClusterIdentity identity) => silo.Configure<SiloConnectionOptions>(o =>
    {
        o.ConfigureSiloInboundConnection(connection => connection.Takes(identity, ClusterIdentity.Silo));
        o.ConfigureGatewayInboundConnection(connection => connection.Takes(identity, ClusterIdentity.Gateway));
        o.ConfigureSiloOutboundConnection(connection => connection.Calls(identity));
    });
}
