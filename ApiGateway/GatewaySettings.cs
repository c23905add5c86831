using System.Net;
using System.Security.Cryptography;
using Commerce.Engine;
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
    IReadOnlyList<ConfiguredKey> ApiKeys,
    IReadOnlyList<IssuerSettings> Issuers,
    IReadOnlyList<string> CorsOrigins,
    IReadOnlyList<string> Hosts,
    bool PublicCatalogue,
    IReadOnlyDictionary<string, Rate> Rates,
    IReadOnlyList<IPNetwork> Proxies,
    ICalendar Calendar,
    IReadOnlyList<byte[]> SigningKeys,
    ClusterIdentity? Identity,
    EnvironmentKind Mode,
    Func<string, IKeyService?> Keys,
    SealKeys? Seals)
{
    /// <summary>Reads and checks everything at once, before anything is started.</summary>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        KnownSettings.Check(configuration);
        var port = GatewayKeys.Port.Read(configuration);
        var url = configuration["urls"] is { } given && !string.IsNullOrWhiteSpace(given) ? given : $"http://127.0.0.1:{port}";
        Listeners.Check(configuration, url);
        var keys = ReadApiKeys(configuration.GetSection(GatewayKeys.ApiKeys));
        var issuers = IssuerSettings.Read(configuration.GetSection(GatewayKeys.Issuers));
        var engine = GatewayKeys.Engine.Read(configuration);
        var accounts = CommonSettings.Accounts(configuration, Capabilities.All, engine == EngineKind.Cluster
            ? [PostgresAccounts.ClusterName, PostgresAccounts.AuditName] : [PostgresAccounts.AuditName]);
        var identity = TlsKeys.Read(
            configuration,
            (certificate, key, roots, domain) => new ClusterIdentity(ClusterIdentity.Gateway, certificate, key, roots, domain));
        var signingKeys = ReadSigningKeys(configuration.GetSection(CommonSettings.SigningKeys));
        CheckForProduction(configuration, engine, accounts, identity, issuers);
        return new GatewaySettings(
            accounts,
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
                configuration, Capabilities.All.Count,
                besides: AuditDatabase.Connections + (engine == EngineKind.Cluster ? ClusterDatabase.Connections : 0)),
            keys,
            issuers,
            ReadOrigins(configuration.GetSection(GatewayKeys.CorsOrigins)),
            [.. configuration.GetSection(GatewayKeys.Hosts).GetChildren().Select(entry => entry.Value ?? "")],
            GatewayKeys.PublicCatalogue.Read(configuration),
            RateTable.Read(configuration.GetSection(GatewayKeys.Limits)),
            ReadProxies(configuration.GetSection(GatewayKeys.Proxies)),
            GatewayKeys.TimeZone.Read(configuration),
            signingKeys,
            identity,
            CommonSettings.Mode.Read(configuration),
            KeyRingFile.Read(configuration, Capabilities.All),
            engine == EngineKind.Single ? SealKeyFile.ToSign(configuration, accounts, Capabilities.All) : null);
    }

    private static void CheckForProduction(
        IConfiguration configuration, EngineKind engine, PostgresAccounts accounts, ClusterIdentity? identity,
        IReadOnlyList<IssuerSettings> issuers)
    {
        var gate = new ProductionGate(configuration).Common(accounts, plainCluster: engine == EngineKind.Cluster && identity is null)
            .Payments(hosted: engine == EngineKind.Single);
        foreach (var entry in configuration.GetSection(GatewayKeys.ApiKeys).GetChildren())
            gate.Refuse(
                entry["Key"] is not null, $"{entry.Path}:Key",
                $"who reads the configuration has the key. Give its Hash instead: {Setting.Variable($"{entry.Path}:Hash")}.");
        foreach (var issuer in issuers)
            gate.Refuse(
                new[] { issuer.Issuer, issuer.Metadata }.Any(url => !url.StartsWith("https:", StringComparison.Ordinal)),
                $"{GatewayKeys.Issuers}:{issuer.Name}:Issuer", "its keys come by http. Give an https URL.");
        gate.Refuse(
            !configuration.GetSection(CommonSettings.SigningKeys).GetChildren().Any(), $"{CommonSettings.SigningKeys}:0",
            "links of guests and cursors would end with this process. Give 32 random bytes, as 'openssl rand -base64 32' writes them.");
        gate.Close();
    }

    // Without any, cursors and links end with the process.
    private static IReadOnlyList<byte[]> ReadSigningKeys(IConfigurationSection section)
    {
        var keys = section.GetChildren().Select(entry => Convert.TryFromBase64String(
            entry.Value ?? "", new byte[entry.Value?.Length ?? 0], out var length) && length >= Signer.SecretBytes
                ? Convert.FromBase64String(entry.Value!)
                : throw new InvalidConfigurationException(
                    entry.Path,
                    $"give at least {Signer.SecretBytes} random bytes in base64, as 'openssl rand -base64 32' writes them.")).ToList();
        return keys is [] ? [RandomNumberGenerator.GetBytes(Signer.SecretBytes)] : keys;
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

    private static IReadOnlyList<IPNetwork> ReadProxies(IConfigurationSection section) =>
    [
        .. section.GetChildren().Select(entry => IPNetwork.TryParse(entry.Value, out var network) ? network
            : throw new InvalidConfigurationException(entry.Path, $"'{entry.Value}' is no network; give one such as 10.0.8.0/24.")),
    ];

    /// <summary>True for names that the system itself goes by.</summary>
    public static bool IsReserved(string name) => ((string[])["system", "guest", "key"]).Contains(name, StringComparer.OrdinalIgnoreCase);

    private static IReadOnlyList<ConfiguredKey> ReadApiKeys(IConfigurationSection section)
    {
        var keys = new List<ConfiguredKey>();
        foreach (var entry in section.GetChildren())
        {
            var (name, place) = (entry.Key, entry.Path);
            if (!Validate.IsVisibleAscii(name, 1, 60) || name.Contains('/') || IsReserved(name))
                throw new InvalidConfigurationException(
                    place,
                    $"'{name}' cannot be a caller's name; give 1 to 60 visible ASCII characters without a slash, "
                    + "not system, guest or key.");
            var digest = ReadSecret(entry);
            if (keys.Any(k => k.Digest.AsSpan().SequenceEqual(digest)))
                throw new InvalidConfigurationException($"{place}:Key", "another caller has the same key; give each its own.");
            keys.Add(new ConfiguredKey(digest, ReadCaller(name, entry)));
        }

        return keys;
    }

    // The key is a secret: no message shows it.
    private static byte[] ReadSecret(IConfigurationSection entry)
    {
        if (entry["Hash"] is { } hash)
            return hash.Length == 2 * SHA256.HashSizeInBytes && hash.All(char.IsAsciiHexDigit) && entry["Key"] is null
                ? Convert.FromHexString(hash)
                : throw new InvalidConfigurationException(
                    $"{entry.Path}:Hash", "give the SHA-256 of the key as 64 hexadecimal digits, and no Key beside it.");
        return entry["Key"] is { } key && Validate.IsVisibleAscii(key, 16, 200)
            ? ConfiguredKey.DigestOf(key)
            : throw new InvalidConfigurationException($"{entry.Path}:Key", "give a secret of 16 to 200 visible ASCII characters.");
    }

    private static Caller ReadCaller(string name, IConfigurationSection entry)
    {
        var roles = entry.GetSection("Roles").GetChildren().Select(r => r.Value ?? "").ToList();
        var possible = KeyRoles.Possible;
        if (roles.Except(possible).FirstOrDefault() is { } unknown)
            throw new InvalidConfigurationException(
                $"{entry.Path}:Roles",
                $"'{unknown}' is not a role that a key can have; did you mean {possible.MinBy(r => Spelling.Distance(r, unknown))}? "
                + "docs/access.md lists all of them.");
        if (AccessTable.Of(roles) is not var (scopes, reach))
            throw new InvalidConfigurationException(
                $"{entry.Path}:Roles", $"give one or more of {string.Join(", ", possible)}; partner and guest stand alone.");
        var narrowed = entry.GetSection("Scopes").GetChildren().Select(s => s.Value ?? "").ToList();
        if (narrowed.FirstOrDefault(s => !scopes.Contains(s)) is { } foreign)
            throw new InvalidConfigurationException(
                $"{entry.Path}:Scopes",
                $"'{foreign}' is not a scope of its roles; did you mean {scopes.MinBy(s => Spelling.Distance(s, foreign))}? "
                + "docs/access.md lists all of them.");
        return new Caller(
            name, narrowed is [] ? [.. scopes.Order(StringComparer.Ordinal)] : narrowed,
            new Reach(reach, reach == ReachKind.Channel ? name : null));
    }
}
