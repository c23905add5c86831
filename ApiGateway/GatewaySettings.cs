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
    IReadOnlyList<(string Key, Caller Caller)> ApiKeys)
{
    /// <summary>True when everybody who reaches it may do everything, and only this machine should reach it.</summary>
    public bool ServesOnlyThisMachine =>
        ApiKeys.Count == 0 && Url.Split(';').All(u => Uri.TryCreate(u, UriKind.Absolute, out var at) && at.IsLoopback);

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
        return new GatewaySettings(
            postgres,
            prefix,
            configuration["urls"] ?? $"http://127.0.0.1:{Number(configuration, "Commerce:Port", 8080, 0, 65535)}",
            Seconds(configuration, "Commerce:RequestTimeoutSeconds", 30, 600),
            Seconds(configuration, "Commerce:StartupTimeoutSeconds", 30, 600),
            Seconds(configuration, "Commerce:HeartbeatSeconds", 15, 300),
            ReadApiKeys(configuration.GetSection("Commerce:ApiKeys")));
    }

    private static IReadOnlyList<(string Key, Caller Caller)> ReadApiKeys(IConfigurationSection section)
    {
        var keys = new List<(string Key, Caller Caller)>();
        foreach (var key in section.GetChildren())
        {
            // The key itself is a secret: a message names the place, not the key.
            var place = $"Commerce:ApiKeys:(number {keys.Count + 1})";
            if (!Text.IsVisibleAscii(key.Key, 16, 200))
                throw new InvalidConfigurationException(place, "a key needs 16 to 200 visible ASCII characters.");
            var name = key["name"];
            if (name is null || !Text.IsVisibleAscii(name, 1, 60) || name.Contains(':') || name is "system" or "local")
                throw new InvalidConfigurationException(
                    $"{place}:name",
                    $"'{name}' cannot be a caller's name; give 1 to 60 visible ASCII characters without a colon, not system or local.");
            var permissions = key.GetSection("permissions").GetChildren().Select(p => p.Value ?? "").ToList();
            if (permissions.Count == 0 || permissions.Any(string.IsNullOrWhiteSpace))
                throw new InvalidConfigurationException(
                    $"{place}:permissions",
                    "give a list such as [\"orders:read\", \"orders:write\", \"orders:negotiate\"], or [\"*\"] for all.");
            keys.Add((key.Key, new Caller(name, permissions)));
        }

        return keys;
    }

    private static TimeSpan Seconds(IConfiguration configuration, string key, int normal, int most) =>
        TimeSpan.FromSeconds(Number(configuration, key, normal, 1, most));

    private static int Number(IConfiguration configuration, string key, int normal, int least, int most) => configuration[key] switch
    {
        null => normal,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= least && n <= most => n,
        var text => throw new InvalidConfigurationException(key, $"'{text}' is not a whole number from {least} to {most}."),
    };
}
