using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;

namespace Commerce.Grains.Client;

/// <summary>
/// TLS between the processes of a cluster, on which both ends show a certificate (decision 22). There is no connection without.
/// </summary>
public static class ClusterTls
{
    /// <summary>All silos have one name: who a silo is stands in its certificate's URI.</summary>
    private const string Name = "commerce";

    /// <summary>A peer that says nothing does not keep a connection for longer.</summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A gateway connects to silos alone, and vouches for its callers.</summary>
    public static IClientBuilder UseClusterTls(this IClientBuilder client, ClusterIdentity identity, TimeProvider? clock = null)
    {
        client.AddOutgoingGrainCallFilter(new CallerSealing(identity, clock ?? TimeProvider.System));
        return client.Configure<ClientConnectionOptions>(o => o.ConfigureConnection(connection => connection.Calls(identity)));
    }

    /// <summary>Takes connections of processes with one of these roles.</summary>
    internal static void Takes(this IConnectionBuilder connection, ClusterIdentity identity, params string[] roles) =>
        connection.UseServerTls(Options(identity, serves: false, roles));

    /// <summary>Connects to silos.</summary>
    internal static void Calls(this IConnectionBuilder connection, ClusterIdentity identity) =>
        connection.UseClientTls(Options(identity, serves: true, ClusterIdentity.Silo));

    private static TlsOptions Options(ClusterIdentity identity, bool serves, params string[] roles) => new()
    {
        LocalCertificate = identity.Certificate, // has to be there, and the selectors go before it
        LocalServerCertificateSelector = (_, _) => identity.Certificate,
        LocalClientCertificateSelector = (_, _, _, _, _) => identity.Certificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        HandshakeTimeout = HandshakeTimeout,
        // Whether the names of the system's authorities fit is of no interest here.
        RemoteCertificateValidation = (certificate, chain, errors) =>
            (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0 && identity.Trusts(certificate, Sent(chain), serves, roles),
        OnAuthenticateAsClient = (_, options) => options.TargetHost = Name,
    };

    private static X509Certificate2Collection Sent(X509Chain? chain) => chain?.ChainPolicy.ExtraStore ?? [];
}
