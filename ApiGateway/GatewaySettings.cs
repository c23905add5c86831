using Commerce.Grains.Client;
using Commerce.Hosting;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.ReadModels;

namespace Commerce.ApiGateway;

/// <summary>How this process is configured; see <see cref="Read"/> for the keys.</summary>
internal sealed record GatewaySettings(
    PostgresAccounts Postgres,
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
    IReadOnlyList<string> CorsOrigins,
    ICalendar Calendar,
    bool ServesOnlyThisMachine,
    ClusterIdentity? Identity)
{
    /// <summary>Reads and checks everything at once, before anything is started.</summary>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        KnownSettings.Check(configuration);
        var port = GatewayKeys.Port.Read(configuration);
        var url = configuration["urls"] is { } given && !string.IsNullOrWhiteSpace(given) ? given : $"http://127.0.0.1:{port}";
        var keys = ReadApiKeys(configuration.GetSection(GatewayKeys.ApiKeys));
        var engine = GatewayKeys.Engine.Read(configuration);
        return new GatewaySettings(
            CommonSettings.Accounts(configuration, Capabilities.All, cluster: engine == EngineKind.Cluster),
            CommonSettings.Prefix.Read(configuration),
            url,
            GatewayKeys.RequestTimeout.Read(configuration),
            CommonSettings.StartupTimeout.Read(configuration),
            GatewayKeys.Heartbeat.Read(configuration),
            engine,
            CommonSettings.ClusterId.Read(configuration),
            GatewayKeys.Dashboard.Read(configuration),
            GatewayKeys.MaxLiveEntities.Read(configuration),
            CommonSettings.Connections(
                configuration, Capabilities.All.Count, besides: engine == EngineKind.Cluster ? ClusterDatabase.Connections : 0),
            keys,
            ReadOrigins(configuration.GetSection(GatewayKeys.CorsOrigins)),
            GatewayKeys.TimeZone.Read(configuration),
            ServesOnlyLoopback(configuration, url, keys.Count == 0),
            TlsKeys.Read(
                configuration,
                (certificate, key, roots, domain) => new ClusterIdentity(ClusterIdentity.Gateway, certificate, key, roots, domain)));
    }

    // Without keys every caller is "local" and may do everything, so other machines are let in only by an explicit setting.
    private static bool ServesOnlyLoopback(IConfiguration configuration, string urls, bool anonymous)
    {
        var allowed = GatewayKeys.AllowAnonymous.Read(configuration);
        // Kestrel's own section, when it is there, takes precedence.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"] ?? "").ToList();
        var open = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Concat(endpoints)
            .FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out var at) || !at.IsLoopback);
        if (anonymous && open is not null && !allowed)
            throw new InvalidConfigurationException(
                GatewayKeys.ApiKeys,
                $"it is to listen on '{open}', where other machines may reach it, but there are no API keys, so that anybody could do "
                + $"everything. Give {GatewayKeys.ApiKey.Key} and {GatewayKeys.Permission.Key}, or listen on 127.0.0.1, or set "
                + $"{GatewayKeys.AllowAnonymous.Key}=true if that is what you want.");
        return anonymous && open is null;
    }

    private static IReadOnlyList<string> ReadOrigins(IConfigurationSection section)
    {
        foreach (var entry in section.GetChildren())
            if (!Uri.TryCreate(entry.Value, UriKind.Absolute, out var site) || !site.Scheme.StartsWith("http", StringComparison.Ordinal)
                || site.GetLeftPart(UriPartial.Authority) != entry.Value)
                throw new InvalidConfigurationException(
                    entry.Path, $"'{entry.Value}' is no web origin; give scheme, host and port only, such as https://shop.example.");
        return [.. section.GetChildren().Select(entry => entry.Value!)];
    }

    private static IReadOnlyList<(string Key, Caller Caller)> ReadApiKeys(IConfigurationSection section)
    {
        var keys = new List<(string Key, Caller Caller)>();
        foreach (var entry in section.GetChildren())
        {
            var (name, place) = (entry.Key, entry.Path);
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
            if (permissions.Count == 0)
                throw new InvalidConfigurationException(
                    $"{place}:Permissions",
                    $"give some of {string.Join(", ", ApiPermissions.Names.Skip(1))}, or {ApiPermissions.Everything} for all.");
            if (permissions.Except(ApiPermissions.Names).FirstOrDefault() is { } unknown)
                throw new InvalidConfigurationException(
                    $"{place}:Permissions",
                    $"'{unknown}' is not a permission; did you mean {ApiPermissions.Names.MinBy(p => Spelling.Distance(p, unknown))}? "
                    + "docs/settings.md lists all of them.");
            keys.Add((key, new Caller(name, permissions)));
        }

        return keys;
    }
}
