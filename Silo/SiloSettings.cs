using System.Net;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Silo;

/// <summary>How a silo is configured; see <see cref="Read"/> for the keys.</summary>
/// <param name="Postgres">The accounts of PostgreSQL.</param>
/// <param name="Prefix">What the databases' names begin with; also the name of the service, which outlives every cluster.</param>
/// <param name="ClusterId">Silos and gateways of the same name find each other.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Address">Where the others reach it.</param>
/// <param name="Port">For other silos.</param>
/// <param name="HealthPort">For supervisors of the process, on this machine.</param>
/// <param name="Hosted">The capabilities whose entities may live here.</param>
/// <param name="ProbeEvery">How often neighbours are probed, and the timeout of each probe; see <see cref="FailureDetection"/>.</param>
/// <param name="MaxConnections">The most connections to the databases of the hosted capabilities, all together.</param>
/// <param name="StartupTimeout">How long it waits for the databases.</param>
/// <param name="Identity">With what it shows the cluster what it is; null: connections are plain.</param>
/// <param name="Keys">The keys of each hosted capability.</param>
/// <param name="Seals">The key that seals facts; null: this process seals none.</param>
internal sealed record SiloSettings(
    PostgresAccounts Postgres,
    string Prefix,
    string ClusterId,
    string Name,
    IPAddress Address,
    int Port,
    int GatewayPort,
    int HealthPort,
    IReadOnlyList<Capability> Hosted,
    TimeSpan ProbeEvery,
    int MaxConnections,
    TimeSpan StartupTimeout,
    ClusterIdentity? Identity,
    Func<string, IKeyService?> Keys,
    SealKeys? Seals)
{
    /// <summary>Reads and checks everything at once, before anything is started.</summary>
    public static SiloSettings Read(IConfiguration configuration)
    {
        KnownSettings.Check(configuration);
        var (port, clients) = (SiloKeys.Port.Read(configuration), SiloKeys.GatewayPort.Read(configuration));
        if (port == clients)
            throw new InvalidConfigurationException(SiloKeys.GatewayPort.Key, $"{port} is the port for other silos; give another one.");
        var option = configuration["capabilities"]; // --capabilities on the command line goes before the setting
        var hosted = option is null ? SiloKeys.Hosted.Read(configuration) : SiloKeys.Hosted.Parse(option);
        var (address, identity) = (SiloKeys.Address.Read(configuration), ReadIdentity(configuration));
        if (identity is null && !IPAddress.IsLoopback(address))
            throw new InvalidConfigurationException(
                SiloKeys.Address.Key,
                $"at {address} this silo would do what anybody says who reaches it. Give {TlsKeys.Certificate.Key}, {TlsKeys.Key.Key} and "
                + $"{TlsKeys.Roots.Key}, so that it takes only silos and gateways of its cluster.");
        var accounts = CommonSettings.Accounts(configuration, hosted, PostgresAccounts.ClusterName, PostgresAccounts.AuditName);
        new ProductionGate(configuration)
            .Common(accounts, plainCluster: identity is null)
            .Payments(hosted.Contains(PaymentsCapability.Definition))
            .Close();
        return new SiloSettings(
            accounts,
            CommonSettings.Prefix.Read(configuration),
            CommonSettings.ClusterId.Read(configuration),
            SiloKeys.Name.Read(configuration, $"silo-{port}"),
            address,
            port,
            clients,
            SiloKeys.HealthPort.Read(configuration),
            hosted,
            SiloKeys.Probe.Read(configuration),
            CommonSettings.Connections(configuration, hosted.Count, ClusterDatabase.Connections + AuditDatabase.Connections),
            CommonSettings.StartupTimeout.Read(configuration),
            identity,
            KeyRingFile.Read(configuration, hosted),
            SealKeyFile.ToSign(configuration, accounts, hosted));
    }

    private static ClusterIdentity? ReadIdentity(IConfiguration configuration) => TlsKeys.Read(
        configuration,
        (certificate, key, roots, domain) => new ClusterIdentity(ClusterIdentity.Silo, certificate, key, roots, domain));
}
