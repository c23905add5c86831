using System.Security.Cryptography;
using System.Text;
using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>An API key of the configuration: the digest of its secret, and whose it is.</summary>
/// <param name="Digest">SHA-256. A secret has enough randomness of its own, so that nothing slower is needed.</param>
/// <param name="Caller">Its caller.</param>
internal sealed record ConfiguredKey(byte[] Digest, Caller Caller)
{
    /// <summary>The digest of a secret.</summary>
    public static byte[] DigestOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}

/// <summary>The roles that API keys can have: those of persons and of guests' links are bound to what a key does not say.</summary>
internal static class KeyRoles
{
    public static IReadOnlyList<string> Possible { get; } =
        [.. AccessTable.Roles.Where(r => r.Value.Reach is not (ReachKind.Customer or ReachKind.Order)).Select(r => r.Key)];
}

/// <summary>The API keys of the configuration.</summary>
internal sealed class ApiKeys(IReadOnlyList<ConfiguredKey> keys)
{
    /// <summary>Whose key this is; null: it is unknown.</summary>
    public Caller? Find(string secret)
    {
        var digest = ConfiguredKey.DigestOf(secret);
        Caller? found = null;
        foreach (var key in keys) // all of them, each in constant time, against timing attacks
            if (CryptographicOperations.FixedTimeEquals(key.Digest, digest)) found = key.Caller;
        return found;
    }
}
