using Commerce.Hosting;
using Commerce.Kernel;
using Commerce.ReadModels;

namespace Commerce.ApiGateway;

/// <summary>How this process is configured; see <see cref="Read"/> for the keys.</summary>
internal sealed record GatewaySettings(
    string Postgres,
    string Prefix,
    string Url,
    TimeSpan RequestTimeout,
    TimeSpan StartupTimeout,
    TimeSpan HeartbeatEvery,
    EngineKind Engine,
    string ClusterId,
    bool Dashboard,
    int MaxLiveEntities,
    int MaxConnections,
    IReadOnlyList<(string Key, Caller Caller)> ApiKeys,
    ICalendar Calendar,
    bool ServesOnlyThisMachine)
{
    /// <summary>The most live entities that the configuration may allow.</summary>
    private const int MostLiveEntities = 100_000_000;

    /// <summary>Reads and checks everything at once, before anything is started.</summary>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        var port = ConfigurationReader.Number(configuration, "Commerce:Port", 8080, 0, 65535);
        var url = configuration["urls"] is { } given && !string.IsNullOrWhiteSpace(given) ? given : $"http://127.0.0.1:{port}";
        var keys = ReadApiKeys(configuration.GetSection("Commerce:ApiKeys"));
        var engine = ReadEngine(configuration["Commerce:Engine"]);
        return new GatewaySettings(
            ConfigurationReader.Postgres(configuration),
            ConfigurationReader.Prefix(configuration),
            url,
            ConfigurationReader.Seconds(configuration, "Commerce:RequestTimeoutSeconds", 30, 600),
            ConfigurationReader.StartupTimeout(configuration),
            ConfigurationReader.Seconds(configuration, "Commerce:HeartbeatSeconds", 15, 300),
            engine,
            ConfigurationReader.ClusterId(configuration),
            ConfigurationReader.Flag(configuration, "Commerce:Dashboard", normal: true),
            ConfigurationReader.Number(configuration, "Commerce:MaxLiveEntities", 200_000, 1, MostLiveEntities),
            ConfigurationReader.Connections(
                configuration, Capabilities.All.Count, besides: engine == EngineKind.Cluster ? ClusterDatabase.Connections : 0),
            keys,
            ReadCalendar(configuration["Commerce:TimeZone"]),
            ServesOnlyLoopback(configuration, url, keys.Count == 0));
    }

    private static ZoneCalendar ReadCalendar(string? name) => string.IsNullOrWhiteSpace(name) ? ZoneCalendar.Utc
        : ZoneCalendar.Of(name) ?? throw new InvalidConfigurationException(
            "Commerce:TimeZone",
            $"'{name}' is not a name of the IANA time zone database"
            + (ZoneCalendar.Resembling(name) is { } meant ? $"; did you mean {meant}?" : ", such as Europe/London or UTC."));

    private static EngineKind ReadEngine(string? text) => text switch
    {
        null or "" or "cluster" => EngineKind.Cluster,
        "single" => EngineKind.Single,
        _ => throw new InvalidConfigurationException("Commerce:Engine", $"'{text}' is neither cluster nor single."),
    };

    // Without keys every caller is "local" and may do everything, so other machines are let in only by an explicit setting.
    private static bool ServesOnlyLoopback(IConfiguration configuration, string urls, bool anonymous)
    {
        var allowed = ConfigurationReader.Flag(configuration, "Commerce:AllowAnonymous");
        // Kestrel's own section, when it is there, takes precedence.
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
}
