using System.Net;
using Commerce.Hosting;
using Commerce.Kernel;
using Orleans.Configuration;

namespace Commerce.Silo;

/// <summary>How a silo is configured; see <see cref="Read"/> for the keys.</summary>
/// <param name="Postgres">The connection string of the server.</param>
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
    string Postgres,
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
        var port = ConfigurationReader.Number(configuration, "Commerce:Silo:Port", EndpointOptions.DEFAULT_SILO_PORT, 1, 65535);
        var clients = ConfigurationReader.Number(
            configuration, "Commerce:Silo:GatewayPort", EndpointOptions.DEFAULT_GATEWAY_PORT, 1, 65535);
        if (port == clients)
            throw new InvalidConfigurationException("Commerce:Silo:GatewayPort", $"{port} is the port for other silos; give another one.");
        var hosted = ReadCapabilities(configuration, "Commerce:Silo:Capabilities");
        return new SiloSettings(
            ConfigurationReader.Postgres(configuration),
            ConfigurationReader.Prefix(configuration),
            ConfigurationReader.ClusterId(configuration),
            ConfigurationReader.Name(configuration, "Commerce:Silo:Name", $"silo-{port}", 60),
            ReadAddress(configuration, "Commerce:Silo:Address"),
            port,
            clients,
            ConfigurationReader.Number(configuration, "Commerce:Silo:HealthPort", 8081, 0, 65535),
            hosted,
            ConfigurationReader.Seconds(configuration, "Commerce:Silo:ProbeSeconds", 1, 60),
            ConfigurationReader.Connections(configuration, hosted.Count, ClusterDatabase.Connections),
            ConfigurationReader.StartupTimeout(configuration));
    }

    /// <summary>
    /// The other silos connect to this address, so it must be one that they can reach, not a wildcard. Access to a silo's ports allows
    /// everything: beyond one machine they belong in a network of their own.
    /// </summary>
    private static IPAddress ReadAddress(IConfiguration configuration, string key)
    {
        var text = configuration[key] ?? "127.0.0.1";
        return IPAddress.TryParse(text, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any)
            ? address
            : throw new InvalidConfigurationException(
                key, $"'{text}' is not an address at which the other processes reach this one; give one such as 127.0.0.1.");
    }

    /// <summary><c>--capabilities</c> on the command line says the same.</summary>
    private static IReadOnlyList<Capability> ReadCapabilities(IConfiguration configuration, string key)
    {
        var text = configuration["capabilities"] ?? configuration[key];
        if (text is null) return Capabilities.All;
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var known = string.Join(", ", Capabilities.All.Select(c => c.Name));
        var unknown = names.FirstOrDefault(n => Capabilities.All.All(c => !Same(c, n)));
        if (names.Length == 0 || unknown is not null)
            throw new InvalidConfigurationException(
                key, $"there is no capability '{unknown}'; give some of {known}, with commas between, or nothing for all.");
        return [.. Capabilities.All.Where(c => names.Any(n => Same(c, n)))];

        static bool Same(Capability capability, string name) => capability.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
    }
}
