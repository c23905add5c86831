using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Commerce.Hosting;

/// <summary>
/// Codes that prove that this installation wrote something (HMAC, RFC 2104): cursors, links for guests. Each purpose has keys of its own,
/// derived from the secrets of the configuration (HKDF, RFC 5869): what is signed for one purpose is worth nothing for another.
/// </summary>
public sealed class Signer(IReadOnlyList<byte[]> secrets)
{
    /// <summary>How long a secret is at least.</summary>
    public const int SecretBytes = 32;

    /// <summary>How long a code is.</summary>
    public const int Bytes = 16;

    private readonly ConcurrentDictionary<string, byte[][]> _keys = [];

    /// <summary>The code of a content, by the first of the secrets.</summary>
    public byte[] Sign(string purpose, string content) => Code(Keys(purpose)[0], content);

    /// <summary>True for a code of this content, by any of the secrets.</summary>
    public bool Verify(string purpose, string content, ReadOnlySpan<byte> code)
    {
        foreach (var key in Keys(purpose))
            if (CryptographicOperations.FixedTimeEquals(Code(key, content), code)) return true;
        return false;
    }

    private static byte[] Code(byte[] key, string content) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content))[..Bytes];

    private byte[][] Keys(string purpose) => _keys.GetOrAdd(purpose, p => [.. secrets.Select(secret =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, outputLength: 32, info: Encoding.UTF8.GetBytes(p)))]);
}
