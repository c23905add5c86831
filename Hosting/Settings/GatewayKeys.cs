using Commerce.ReadModels;

namespace Commerce.Hosting;

/// <summary>The settings of gateways alone. They are declared here, because a silo must not take them for misspelt ones.</summary>
public static class GatewayKeys
{
    public static readonly Setting<int> Port = SettingOf.Number(
        "Port", 8080, 0, 65535, "It listens on 127.0.0.1 at this port; 0 takes any free one. `ASPNETCORE_URLS` chooses addresses instead.");

    public static readonly Setting<EngineKind> Engine = new(
        "Engine", EngineKind.Cluster, "cluster",
        "`cluster`: a client of the silos. `single`: everything in this process. Either works on what the other wrote; change over by a "
        + "restart.",
        ReadEngine);

    /// <summary>The section of the callers: each has a key and roles.</summary>
    public const string ApiKeys = $"{Setting.Section}:ApiKeys";

    public static readonly Setting ApiKey = new(
        "ApiKeys:{name}:Key", "none", "A caller's secret: 16 to 200 visible ASCII characters.");

    public static readonly Setting ApiKeyHash = new(
        "ApiKeys:{name}:Hash", "none", "Instead of the secret its SHA-256, as 64 hexadecimal digits: `printf %s KEY | sha256sum`.");

    public static readonly Setting ApiKeyRole = new(
        "ApiKeys:{name}:Roles:{n}", "none; one has to be given", "What that caller may do: a role of `docs/access.md`.");

    public static readonly Setting ApiKeyScope = new(
        "ApiKeys:{name}:Scopes:{n}", "all of its roles", "Only these scopes of its roles.");

    /// <summary>The section of the authorization servers whose tokens are accepted.</summary>
    public const string Issuers = $"{Setting.Section}:Issuers";

    public static readonly Setting Issuer = new(
        "Issuers:{name}:Issuer", "none", "An authorization server whose access tokens (RFC 9068) are accepted, as its tokens name it.");

    public static readonly Setting IssuerAudience = new(
        "Issuers:{name}:Audience", "none; it has to be given", "The audience of tokens for this API.");

    public static readonly Setting IssuerMetadata = new(
        "Issuers:{name}:Metadata", "ISSUER/.well-known/openid-configuration", "Where its metadata are (RFC 8414).");

    public static readonly Setting IssuerAlgorithm = new(
        "Issuers:{name}:Algorithms:{n}", "ES256, PS256, RS256", "The algorithms of signatures that are accepted.");

    public static readonly Setting IssuerRoleClaim = new(
        "Issuers:{name}:RoleClaim", "roles", "The claim with the roles, which are those of `docs/access.md`.");

    public static readonly Setting IssuerCustomerClaim = new(
        "Issuers:{name}:CustomerClaim", "customer", "The claim with the customer's id, in tokens of shoppers.");

    public static readonly Setting<int> IssuerLifetime = SettingOf.Number(
        "Issuers:{name}:MaxLifetimeMinutes", 60, 1, 24 * 60, "The longest that a token may be valid; others are refused.");

    /// <summary>The section of the host names that are served.</summary>
    public const string Hosts = $"{Setting.Section}:Hosts";

    public static readonly Setting Host = new(
        "Hosts:{n}", "any", "A host name or address by which clients reach the API: `api.example.com`. Requests for others are refused.");

    /// <summary>The section of the web sites whose scripts may use the API.</summary>
    public const string CorsOrigins = $"{Setting.Section}:Cors:Origins";

    public static readonly Setting CorsOrigin = new(
        "Cors:Origins:{n}", "none", "A web site whose scripts may use the API, as its origin: `https://shop.example`.");

    public static readonly Setting<bool> PublicCatalogue = SettingOf.Flag(
        "PublicCatalogue", false, "Products and prices can be read without credentials.");

    /// <summary>The section of the limits by caller.</summary>
    public const string Limits = $"{Setting.Section}:Limits";

    public static readonly Setting<int> LimitPerMinute = SettingOf.Number(
        "Limits:{name}:PerMinute", 60, 1, 100_000_000, "How many requests a minute a limit of `docs/access.md` allows in the long run.",
        "as listed there");

    public static readonly Setting<int> LimitBurst = SettingOf.Number(
        "Limits:{name}:Burst", 60, 1, 100_000_000, "How many requests it allows at once.", "as listed there");

    /// <summary>The section of the proxies in front.</summary>
    public const string Proxies = $"{Setting.Section}:TrustedProxies";

    public static readonly Setting Proxy = new(
        "TrustedProxies:{n}", "none",
        "A network of proxies in front, such as `10.0.8.0/24`: what they say by `X-Forwarded-For` and `X-Forwarded-Proto` holds. "
        + "Without it all callers behind a proxy have its address.");

    public static readonly Setting<bool> Dashboard = SettingOf.Flag(
        "Dashboard", true,
        "Serve `/dashboard`. It asks for credentials by basic authentication: any name, an API key or a token as the password.");

    public static readonly Setting<TimeSpan> RequestTimeout = SettingOf.Seconds(
        "RequestTimeoutSeconds", 30, 600, "How long a request may take, besides the time that the caller wants to wait.");

    public static readonly Setting<TimeSpan> Heartbeat = SettingOf.Seconds(
        "HeartbeatSeconds", 15, 300, "How often a silent event stream sends a comment, so that proxies keep it open.");

    public static readonly Setting<int> MaxLiveEntities = SettingOf.Number(
        "MaxLiveEntities", 200_000, 1, 100_000_000, "How many entities the single process keeps in memory.");

    public static readonly Setting<ZoneCalendar> TimeZone = new(
        "TimeZone", ZoneCalendar.Utc, "UTC", "Whose days lists and reports have: an IANA name such as `Europe/London`.", ReadZone);

    private static string? ReadZone(string text, out ZoneCalendar value)
    {
        var known = string.IsNullOrWhiteSpace(text) ? ZoneCalendar.Utc : ZoneCalendar.Of(text);
        value = known ?? ZoneCalendar.Utc;
        return known is not null ? null : $"'{text}' is not a name of the IANA time zone database"
            + (ZoneCalendar.Resembling(text) is { } meant ? $"; did you mean {meant}?" : ", such as Europe/London or UTC.");
    }

    private static string? ReadEngine(string text, out EngineKind value)
    {
        value = text == "single" ? EngineKind.Single : EngineKind.Cluster;
        return text is "" or "cluster" or "single" ? null : $"'{text}' is neither cluster nor single.";
    }
}

/// <summary>What runs the entities.</summary>
public enum EngineKind
{
    /// <summary>The gateway's process itself.</summary>
    Single,

    /// <summary>Silos, of which the gateway is a client.</summary>
    Cluster,
}
