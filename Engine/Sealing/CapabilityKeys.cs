using System.Security.Cryptography;

namespace Commerce.Engine;

/// <summary>Keys in memory, wherever they come from: a file, a security module, or made for a test.</summary>
/// <param name="versions">The keys that wrap, by version. The highest wraps; all of them unwrap.</param>
/// <param name="index">The key of tokens.</param>
public sealed class CapabilityKeys(IReadOnlyDictionary<int, byte[]> versions, byte[] index) : IKeyService
{
    /// <summary>How many bytes each key has.</summary>
    public const int KeyBytes = 32;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public int Newest { get; } = versions.Keys.Max();

    private IReadOnlyDictionary<int, byte[]> Versions => versions;

    /// <summary>New keys, made at random.</summary>
    public static CapabilityKeys New() => new(
        new Dictionary<int, byte[]> { [1] = RandomNumberGenerator.GetBytes(KeyBytes) }, RandomNumberGenerator.GetBytes(KeyBytes));

    public byte[] Wrap(ReadOnlySpan<byte> dataKey, ReadOnlySpan<byte> context)
    {
        var wrapped = new byte[NonceBytes + dataKey.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(versions[Newest], TagBytes);
        cipher.Encrypt(
            wrapped.AsSpan(0, NonceBytes), dataKey, wrapped.AsSpan(NonceBytes, dataKey.Length), wrapped.AsSpan(^TagBytes), context);
        return wrapped;
    }

    /// <summary>The same, with older keys too: what was read before they were retired can be opened.</summary>
    public CapabilityKeys Including(CapabilityKeys before)
    {
        var all = before.Versions.ToDictionary(v => v.Key, v => v.Value);
        foreach (var (version, key) in versions) all[version] = key;
        return new CapabilityKeys(all, index);
    }

    public byte[] Unwrap(int version, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> context)
    {
        if (!versions.TryGetValue(version, out var key))
            throw new InvalidOperationException(
                $"Personal data is sealed under key version {version}; the key ring has {string.Join(", ", versions.Keys.Order())}.");
        var dataKey = new byte[wrapped.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], dataKey, context);
        return dataKey;
    }

    public byte[] Token(ReadOnlySpan<byte> text) => HMACSHA256.HashData(index, text)[..16];
}
