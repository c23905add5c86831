using System.Net;
using System.Security.Cryptography;
using Commerce.Hosting;

namespace Commerce.Identity;

/// <summary>How the authorization server for development is configured; <c>./commerce up</c> sets all of it.</summary>
/// <param name="Url">Where it listens, and its name as an issuer: on this machine only.</param>
/// <param name="Secret">The secret of all clients that can keep one.</param>
/// <param name="Key">Signs tokens.</param>
internal sealed record IdentitySettings(string Url, string Secret, ECDsa Key)
{
    /// <summary>Whom its tokens are for.</summary>
    public const string Audience = "commerce";

    /// <summary>Reads and checks everything at once, before anything is started.</summary>
    public static IdentitySettings Read(IConfiguration configuration)
    {
        KnownSettings.Check(configuration);
        var url = configuration[IdentityKeys.Url.Key] ?? "";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var at) || at.Scheme != "http" || at.GetLeftPart(UriPartial.Authority) != url
            || !IPAddress.TryParse(at.Host, out var address) || !IPAddress.IsLoopback(address))
            throw new InvalidConfigurationException(
                IdentityKeys.Url.Key,
                $"'{url}' is not http://127.0.0.1:PORT. This server gives tokens of any role, so it serves this machine only.");
        if (configuration[IdentityKeys.Secret.Key] is not { Length: >= 32 } secret)
            throw new InvalidConfigurationException(IdentityKeys.Secret.Key, "give a secret of 32 characters or more.");
        return new IdentitySettings(url, secret, ReadKey(configuration[IdentityKeys.SigningKey.Key] ?? ""));
    }

    /// <summary>Without the secret and the key.</summary>
    public override string ToString() => Url;

    private static ECDsa ReadKey(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception problem) when (problem is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidConfigurationException(
                IdentityKeys.SigningKey.Key,
                "give a private key of the curve P-256 as PEM, as 'openssl ecparam -name prime256v1 -genkey' does.");
        }
    }
}
