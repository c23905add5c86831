using System.Globalization;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>A configuration that cannot be used; the message names the key.</summary>
internal sealed class InvalidConfigurationException(string key, string what)
    : Exception($"Configuration '{key}' (environment variable {key.Replace(":", "__")}): {what}");

/// <summary>How this process is configured; see <see cref="Read"/> for the keys.</summary>
internal sealed record GatewaySettings(
    string Postgres,
    string Prefix,
    string Url,
    TimeSpan RequestTimeout,
    TimeSpan StartupTimeout,
    TimeSpan HeartbeatEvery,
    int MaxLiveEntities,
    IReadOnlyList<(string Key, Caller Caller)> ApiKeys,
    bool ServesOnlyThisMachine)
{
    /// <summary>The most live entities that the configuration may allow.</summary>
    private const int MostLiveEntities = 100_000_000;

    /// <summary>Reads and checks everything at once, before anything is started.</summary>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        var postgres = configuration["Commerce:Postgres"];
        if (string.IsNullOrWhiteSpace(postgres))
            throw new InvalidConfigurationException(
                "Commerce:Postgres", "give a connection string such as Host=127.0.0.1;Username=commerce;Password=…;Database=postgres.");
        var prefix = configuration["Commerce:Prefix"] ?? "commerce";
        if (prefix.Length is 0 or > 40 || !prefix.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_'))
            throw new InvalidConfigurationException(
                "Commerce:Prefix", $"'{prefix}' cannot begin the name of a database; give 1 to 40 of a-z, 0-9 and _.");
        var port = Number(configuration, "Commerce:Port", 8080, 0, 65535);
        var url = configuration["urls"] is { } given && !string.IsNullOrWhiteSpace(given) ? given : $"http://127.0.0.1:{port}";
        var keys = ReadApiKeys(configuration.GetSection("Commerce:ApiKeys"));
        return new GatewaySettings(
            postgres,
            prefix,
            url,
            Seconds(configuration, "Commerce:RequestTimeoutSeconds", 30, 600),
            Seconds(configuration, "Commerce:StartupTimeoutSeconds", 30, 600),
            Seconds(configuration, "Commerce:HeartbeatSeconds", 15, 300),
            Number(configuration, "Commerce:MaxLiveEntities", 200_000, 1, MostLiveEntities),
            keys,
            ServesOnlyLoopback(configuration, url, keys.Count == 0));
    }

    // Without keys everybody is "local" and may do everything, so other machines are let in only when that is said in so many words.
    private static bool ServesOnlyLoopback(IConfiguration configuration, string urls, bool anonymous)
    {
        var allowed = Flag(configuration, "Commerce:AllowAnonymous");
        // Kestrel's own section, when it is there, is what it listens on instead.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "").ToList();
        var open = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Concat(endpoints)
            .FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out var at) || !at.IsLoopback);
        if (anonymous && open is not null && !allowed)
            throw new InvalidConfigurationException(
                "Commerce:ApiKeys",
                $"it is to listen on '{open}', where other machines may reach it, but there are no API keys, so that anybody could do "
                + "everything. Give Commerce:ApiKeys:{name}:Key and Commerce:ApiKeys:{name}:Permissions, or listen on 127.0.0.1, or set "
                + "Commerce:AllowAnonymous=true (environment variable Commerce__AllowAnonymous) if that is what you want.");
        return anonymous && open is null;
    }

    private static IReadOnlyList<(string Key, Caller Caller)> ReadApiKeys(IConfigurationSection section)
    {
        if (!string.IsNullOrEmpty(section.Value))
            throw new InvalidConfigurationException(
                "Commerce:ApiKeys", "it is a section; give Commerce:ApiKeys:{name}:Key for each caller.");
        var keys = new List<(string Key, Caller Caller)>();
        foreach (var entry in section.GetChildren())
        {
            var (name, place) = (entry.Key, $"Commerce:ApiKeys:{entry.Key}");
            var reserved = ((string[])["system", "local"]).Contains(name, StringComparer.OrdinalIgnoreCase);
            if (!Text.IsVisibleAscii(name, 1, 60) || reserved)
                throw new InvalidConfigurationException(
                    place, $"'{name}' cannot be a caller's name; give 1 to 60 visible ASCII characters, not system or local.");
            // The key is a secret: no message shows it.
            if (entry["Key"] is not { } key || !Text.IsVisibleAscii(key, 16, 200))
                throw new InvalidConfigurationException($"{place}:Key", "give a secret of 16 to 200 visible ASCII characters.");
            if (keys.Any(k => k.Key == key))
                throw new InvalidConfigurationException($"{place}:Key", "another caller has the same key; give each its own.");
            var permissions = entry.GetSection("Permissions").GetChildren().Select(p => p.Value ?? "").ToList();
            if (permissions.Count == 0 || permissions.Any(string.IsNullOrWhiteSpace))
                throw new InvalidConfigurationException(
                    $"{place}:Permissions",
                    "give a list such as [\"orders:read\", \"orders:write\", \"orders:negotiate\", \"orders:import\", \"orders:credit\"], "
                    + "or [\"*\"] for all.");
            keys.Add((key, new Caller(name, permissions)));
        }

        return keys;
    }

    private static bool Flag(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new InvalidConfigurationException(key, $"'{text}' is neither true nor false."),
    };

    private static TimeSpan Seconds(IConfiguration configuration, string key, int normal, int most) =>
        TimeSpan.FromSeconds(Number(configuration, key, normal, 1, most));

    private static int Number(IConfiguration configuration, string key, int normal, int least, int most) => configuration[key] switch
    {
        null => normal,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most => n,
        var text => throw new InvalidConfigurationException(key, $"'{text}' is not a whole number from {least} to {most}."),
    };
}
