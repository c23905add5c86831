using System.Net;
using Commerce.Hosting;
using Commerce.Kernel;
using Microsoft.IdentityModel.Tokens;

namespace Commerce.ApiGateway;

/// <summary>An authorization server whose access tokens are accepted.</summary>
/// <param name="Name">Ours for it: it stands before the subject in all that is kept.</param>
/// <param name="Issuer">As tokens name it, letter for letter.</param>
/// <param name="Audience">What tokens for this API name as their audience.</param>
/// <param name="Metadata">Where its metadata are (RFC 8414).</param>
/// <param name="Algorithms">The algorithms of signatures that are accepted.</param>
/// <param name="RoleClaim">The claim with the roles.</param>
/// <param name="CustomerClaim">The claim with the customer.</param>
/// <param name="MaxLifetime">The longest that a token may be valid.</param>
internal sealed record IssuerSettings(
    string Name, string Issuer, string Audience, string Metadata, IReadOnlyList<string> Algorithms, string RoleClaim, string CustomerClaim,
    TimeSpan MaxLifetime)
{
    /// <summary>The longest token that is looked at.</summary>
    public const int MaxTokenBytes = 8 * 1024;

    private static readonly string[] Usual =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSha256];

    private static readonly string[] Possible =
    [
        .. Usual, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
    ];

    /// <summary>The scheme of the framework for it.</summary>
    public string Scheme => $"Issuer:{Name}";

    /// <summary>Reads all of the configuration.</summary>
    public static IReadOnlyList<IssuerSettings> Read(IConfigurationSection section) => [.. section.GetChildren().Select(One)];

    private static IssuerSettings One(IConfigurationSection entry)
    {
        if (!Validate.IsVisibleAscii(entry.Key, 1, 40) || GatewaySettings.IsReserved(entry.Key))
            throw new InvalidConfigurationException(
                entry.Path, $"'{entry.Key}' cannot name an issuer; give 1 to 40 visible ASCII characters.");
        var issuer = Url(entry, "Issuer", null);
        if (string.IsNullOrWhiteSpace(entry["Audience"]))
            throw new InvalidConfigurationException($"{entry.Path}:Audience", "give the audience that tokens for this API have.");
        var algorithms = entry.GetSection("Algorithms").GetChildren().Select(a => a.Value ?? "").ToList();
        if (algorithms.Except(Possible).FirstOrDefault() is { } unknown)
            throw new InvalidConfigurationException(
                $"{entry.Path}:Algorithms", $"'{Text.Shorten(unknown)}' is not accepted; give some of {string.Join(", ", Possible)}.");
        return new IssuerSettings(
            entry.Key, issuer, entry["Audience"]!, Url(entry, "Metadata", $"{issuer.TrimEnd('/')}/.well-known/openid-configuration"),
            algorithms is [] ? Usual : algorithms, entry["RoleClaim"] ?? "roles", entry["CustomerClaim"] ?? "customer",
            TimeSpan.FromMinutes(GatewayKeys.IssuerLifetime.Parse(entry["MaxLifetimeMinutes"] ?? "60")));
    }

    // http only on this machine: keys that came over an open line may come from elsewhere.
    private static string Url(IConfigurationSection entry, string name, string? otherwise)
    {
        var text = entry[name] ?? otherwise;
        return Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "https" || (url.Scheme == "http" && IsHere(url)))
            ? text!
            : throw new InvalidConfigurationException($"{entry.Path}:{name}", "give an https URL (http only for 127.0.0.1).");
    }

    private static bool IsHere(Uri url) => IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address);
}
