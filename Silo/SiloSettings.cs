using System.Net;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;

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
    TimeSpan StartupTimeout)
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
        return new SiloSettings(
            CommonSettings.Accounts(configuration, hosted, cluster: true),
            CommonSettings.Prefix.Read(configuration),
            CommonSettings.ClusterId.Read(configuration),
            SiloKeys.Name.Read(configuration, $"silo-{port}"),
            SiloKeys.Address.Read(configuration),
            port,
            clients,
            SiloKeys.HealthPort.Read(configuration),
            hosted,
            SiloKeys.Probe.Read(configuration),
            CommonSettings.Connections(configuration, hosted.Count, ClusterDatabase.Connections),
            CommonSettings.StartupTimeout.Read(configuration));
    }
}
