using System.Security.Cryptography;

namespace Commerce.Journal;

/// <summary>
/// The keys of seals (ECDSA, SHA-256): the one that signs, if the holder has it, and the public ones of seals that are there already. A key
/// is known by a digest of its public part.
/// </summary>
public sealed class SealKeys
{
    private const int LeastBits = 256;

    private readonly Dictionary<string, ECDsa> _known = [];
    private readonly ECDsa? _own;

    private SealKeys(IEnumerable<(ECDsa Key, bool IsPrivate)> keys)
    {
        foreach (var (key, isPrivate) in keys)
        {
            _known.TryAdd(NameOf(key), key);
            if (isPrivate) _own ??= key;
        }
    }

    /// <summary>Whether seals can be made with them, not only checked.</summary>
    public bool CanSign => _own is not null;

    /// <summary>
    /// The keys of a PEM text: the first private one signs; public ones, such as those of before, serve to check.
    /// </summary>
    /// <exception cref="FormatException">It holds none, or something else.</exception>
    public static SealKeys Parse(string pem)
    {
        var keys = new List<(ECDsa Key, bool IsPrivate)>();
        for (var rest = pem; PemEncoding.TryFind(rest, out var found); rest = rest[found.Location.End..])
        {
            var key = ECDsa.Create();
            try
            {
                key.ImportFromPem(rest[found.Location]);
            }
            catch (Exception other) when (other is ArgumentException or CryptographicException)
            {
                if (rest[found.Label] == "EC PARAMETERS") continue; // OpenSSL writes them before the key, which has them too
                throw new FormatException($"a part of it is no key of an elliptic curve: {rest[found.Label]}", other);
            }

            if (key.KeySize < LeastBits) throw new FormatException($"a key of it has {key.KeySize} bits; {LeastBits} are needed");
            keys.Add((key, rest[found.Label].EndsWith("PRIVATE KEY", StringComparison.Ordinal)));
        }

        return keys.Count > 0 ? new SealKeys(keys) : throw new FormatException("it holds no key as PEM");
    }

    /// <summary>The name of the key that signs.</summary>
    internal string Own => NameOf(Signing);

    internal byte[] Sign(byte[] body) => Signing.SignData(body, HashAlgorithmName.SHA256);

    /// <summary>Whether the key is among these, and has signed it.</summary>
    internal bool HasSigned(string name, byte[] body, byte[] signature) =>
        _known.TryGetValue(name, out var key) && key.VerifyData(body, signature, HashAlgorithmName.SHA256);

    private ECDsa Signing => _own ?? throw new InvalidOperationException("Of these keys none is private: they only check seals.");

    private static string NameOf(ECDsa key) =>
        Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
}
