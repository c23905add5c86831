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

    /// <summary>The section of the callers: each has a key and permissions.</summary>
    public const string ApiKeys = $"{Setting.Section}:ApiKeys";

    public static readonly Setting ApiKey = new(
        "ApiKeys:{name}:Key", "none: every caller may do everything", "A caller's secret: 16 to 200 visible ASCII characters.");

    public static readonly Setting Permission = new(
        "ApiKeys:{name}:Permissions:{n}", "none; one has to be given", "What that caller may do: a permission of the table below, or `*`.");

    /// <summary>The section of the web sites whose scripts may use the API.</summary>
    public const string CorsOrigins = $"{Setting.Section}:Cors:Origins";

    public static readonly Setting CorsOrigin = new(
        "Cors:Origins:{n}", "none", "A web site whose scripts may use the API, as its origin: `https://shop.example`.");

    public static readonly Setting<bool> AllowAnonymous = SettingOf.Flag(
        "AllowAnonymous", false, "Without API keys, serve other machines too. Otherwise such an address is refused.");

    public static readonly Setting<bool> Dashboard = SettingOf.Flag(
        "Dashboard", true, "Serve `/dashboard`. With API keys it asks for one: basic authentication, any name, the key as password.");

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
