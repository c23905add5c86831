using System.Globalization;
using Commerce.Journal;
using Microsoft.Extensions.Configuration;

namespace Commerce.Hosting;

/// <summary>Reads configuration and says what is wrong with it, before anything is started.</summary>
public static class ConfigurationReader
{
    /// <summary>PostgreSQL allows 100 by default: one process leaves some to others.</summary>
    private const int UsualConnections = 85;

    /// <summary>The connection string of the server.</summary>
    public static string Postgres(IConfiguration configuration) => configuration["Commerce:Postgres"] is { } given
        && !string.IsNullOrWhiteSpace(given) ? given : throw new InvalidConfigurationException(
            "Commerce:Postgres", "give a connection string such as Host=127.0.0.1;Username=commerce;Password=…;Database=postgres.");

    /// <summary>What the databases' names begin with.</summary>
    public static string Prefix(IConfiguration configuration)
    {
        var prefix = configuration["Commerce:Prefix"] ?? "commerce";
        var usable = prefix.Length is > 0 and <= 40 && prefix[0] is >= 'a' and <= 'z'
            && prefix.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_');
        return usable ? prefix : throw new InvalidConfigurationException(
            "Commerce:Prefix", $"'{prefix}' cannot begin the name of a database; give 1 to 40 of a-z, 0-9 and _, with a letter first.");
    }

    /// <summary>The cluster's name: silos and gateways of the same name on the same databases find each other.</summary>
    public static string ClusterId(IConfiguration configuration) =>
        Name(configuration, "Commerce:Cluster:Id", "commerce", 100);

    /// <summary>A short word of visible ASCII characters.</summary>
    public static string Name(IConfiguration configuration, string key, string normal, int longest)
    {
        var name = configuration[key] ?? normal;
        return name.Length > 0 && name.Length <= longest && name.All(c => c is > ' ' and <= '~') ? name
            : throw new InvalidConfigurationException(
                key, $"'{name}' cannot be a name; give 1 to {longest} visible ASCII characters without spaces.");
    }

    /// <summary>How long the process waits at its start for its databases and its cluster.</summary>
    public static TimeSpan StartupTimeout(IConfiguration configuration) =>
        Seconds(configuration, "Commerce:StartupTimeoutSeconds", 30, 600);

    /// <summary>The most connections to PostgreSQL that the process opens to the databases of its capabilities, all together.</summary>
    /// <param name="configuration">Where <c>Commerce:MaxConnections</c> is, which counts all connections of the process.</param>
    /// <param name="capabilities">How many databases share them.</param>
    /// <param name="besides">How many connections the process needs for other databases.</param>
    public static int Connections(IConfiguration configuration, int capabilities, int besides)
    {
        const string Key = "Commerce:MaxConnections";
        var given = Number(configuration, Key, UsualConnections, 1, 10_000);
        var least = capabilities * JournalOptions.LeastConnections + besides;
        return given >= least ? given - besides : throw new InvalidConfigurationException(
            Key, $"{given} connections are too few for the databases of {capabilities} capabilities; give {least} or more.");
    }

    public static bool Flag(IConfiguration configuration, string key, bool normal = false) => configuration[key] switch
    {
        null or "" => normal,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new InvalidConfigurationException(key, $"'{text}' is neither true nor false."),
    };

    /// <summary>Whole seconds, at least one.</summary>
    public static TimeSpan Seconds(IConfiguration configuration, string key, int normal, int most) =>
        TimeSpan.FromSeconds(Number(configuration, key, normal, 1, most));

    public static int Number(IConfiguration configuration, string key, int normal, int least, int most) => configuration[key] switch
    {
        null => normal,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most => n,
        var text => throw new InvalidConfigurationException(key, $"'{text}' is not a whole number from {least} to {most}."),
    };
}
