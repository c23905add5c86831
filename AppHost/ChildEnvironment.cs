using System.Collections;

namespace Commerce.AppHost;

/// <summary>
/// Which of this process's environment variables a child gets: those that it needs. A secret that is meant for one program is not handed
/// to another one, nor to what that one starts.
/// </summary>
internal static class ChildEnvironment
{
    /// <summary>What the runtime and the libraries below our programs read.</summary>
    private static readonly string[] Runtime =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE",
        "SSL_CERT_DIR", "SOFTHSM2_CONF", "DOTNET_*", "COMPlus_*", "OTEL_*", "Logging__*",
    ];

    private static readonly string[] OfGateways =
        [.. Runtime, "ASPNETCORE_*", "Kestrel__*", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "Commerce__*"];

    private static readonly string[] OfSilos =
    [
        .. Runtime, "ASPNETCORE_ENVIRONMENT", "Commerce__Prefix", "Commerce__StartupTimeoutSeconds", "Commerce__Cluster__*",
        "Commerce__Keys__*", "Commerce__Silo__*",
    ];

    /// <summary>Settings of the product, which the programs of <c>up</c> get; and the keys that its commands use.</summary>
    private static readonly string[] Ours = ["Commerce__*", "COMMERCE_API_KEY", "COMMERCE_CLIENT_*", "COMMERCE_TOKEN_*"];

    /// <summary>For the gateway: its settings, and those of all programs. <c>up</c> hands out accounts of PostgreSQL itself.</summary>
    public static Dictionary<string, string?> OfGateway() =>
        Chosen(OfGateways, "Commerce__Silo__*", "Commerce__Postgres*", "Commerce__Identity__*");

    /// <summary>For a silo: its settings, and those of all programs.</summary>
    public static Dictionary<string, string?> OfSilo() => Chosen(OfSilos);

    /// <summary>For the authorization server, of which <c>up</c> sets all.</summary>
    public static Dictionary<string, string?> OfIdentity() => Chosen(Runtime);

    /// <summary>For the migration of databases.</summary>
    public static Dictionary<string, string?> OfMigration() => Chosen([.. Runtime, "Commerce__Prefix", "Commerce__StartupTimeoutSeconds"]);

    /// <summary>For a tool of the developer, such as the compiler: what the developer gives all tools, but no setting of ours.</summary>
    public static Dictionary<string, string?> OfTool() => Chosen(["*"], Ours);

    private static Dictionary<string, string?> Chosen(string[] wanted, params string[] besides) => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().Select(e => (Name: (string)e.Key, Value: (string?)e.Value))
        .Where(e => Fits(e.Name, wanted) && !Fits(e.Name, besides)).ToDictionary(e => e.Name, e => e.Value);

    /// <summary>Settings are the same in any letter case, and so are the variables of proxies.</summary>
    private static bool Fits(string name, string[] patterns) => patterns.Any(p => p.EndsWith('*')
        ? name.StartsWith(p[..^1], StringComparison.OrdinalIgnoreCase) : name.Equals(p, StringComparison.OrdinalIgnoreCase));
}
