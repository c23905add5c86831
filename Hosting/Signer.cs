using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Commerce.Hosting;

/// <summary>
/// Texts that this installation gives out and takes back: cursors, links for guests. Before each stands a code that proves that it was made
/// here (HMAC, RFC 2104); the text itself is no secret. Each purpose has keys of its own, derived from the secrets of the configuration
/// (HKDF, RFC 5869): what is sealed for one purpose is worth nothing for another.
/// </summary>
public sealed class Signer(IReadOnlyList<byte[]> secrets)
{
    /// <summary>How long a secret is at least.</summary>
    public const int SecretBytes = 32;

    private const int CodeBytes = 16;

    private readonly ConcurrentDictionary<string, byte[][]> _keys = [];

    /// <summary>The text with its code, by the first of the secrets, as text for URLs.</summary>
    /// <param name="purpose">What it is for.</param>
    /// <param name="text">What is given out.</param>
    /// <param name="context">Where alone it is worth anything; it is not given out, and opening needs it again.</param>
    public string Seal(string purpose, string text, string context = "") =>
        Base64Url.EncodeToString([.. Code(Keys(purpose)[0], text, context), .. Encoding.UTF8.GetBytes(text)]);

    /// <summary>The text; null: it was not sealed by any of the secrets, or for another purpose or context.</summary>
    public string? Open(string purpose, ReadOnlySpan<char> given, string context = "")
    {
        byte[] bytes = Base64Url.IsValid(given) ? Base64Url.DecodeFromChars(given) : [];
        if (bytes.Length <= CodeBytes) return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(CodeBytes));
        foreach (var key in Keys(purpose))
            if (CryptographicOperations.FixedTimeEquals(Code(key, text, context), bytes.AsSpan(0, CodeBytes))) return text;
        return null;
    }

    private static byte[] Code(byte[] key, string text, string context) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{context}\n{text}"))[..CodeBytes];

    private byte[][] Keys(string purpose) => _keys.GetOrAdd(purpose, p => [.. secrets.Select(secret =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, outputLength: 32, info: Encoding.UTF8.GetBytes(p)))]);
}
