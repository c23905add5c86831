using System.Security.Cryptography;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// Seals or opens the personal members of one row, with one data key a purpose. A data key is made when the first member of its purpose is
/// sealed, and its nonces are counted: it seals nothing but that row.
/// </summary>
internal sealed class RowSeal : IDisposable
{
    private const int TagBytes = 16;

    [ThreadStatic]
    private static RowSeal? _current;

    private readonly IKeyService? _service;
    private readonly EntityId _entity;
    private readonly Dictionary<string, string>? _wrapped; // null: they are being made
    private readonly Dictionary<string, string> _made = [];
    private readonly IReadOnlyCollection<Purpose>? _opens; // null: all
    private readonly (AesGcm? Cipher, byte[] Context, uint Sealed)[] _ciphers = new (AesGcm?, byte[], uint)[3];

    private RowSeal(
        IKeyService? service, EntityId entity, Dictionary<string, string>? wrapped, IReadOnlyCollection<Purpose>? opens = null) =>
        (_service, _entity, _wrapped, _opens) = (service, entity, wrapped, opens);

    /// <summary>The row that this thread writes or reads just now.</summary>
    public static RowSeal Current => _current ?? throw new InvalidOperationException(
        "Personal data is written and read by PersonalData alone, which has the keys; this was about to go around it.");

    /// <summary>The wrapped keys of what was sealed; null: nothing was.</summary>
    public string? Keys => RowKeys.Text(_made);

    /// <summary>What stands in the place of what cannot be opened.</summary>
    public string MarkOf(Purpose purpose) => _service is null || _opens?.Contains(purpose) == false ? Marks.Sealed : Marks.Erased;

    /// <summary>For a new row.</summary>
    public static RowSeal ToWrite(IKeyService? service, EntityId entity) => new(service, entity, null);

    /// <summary>For a row with these wrapped keys.</summary>
    public static RowSeal ToRead(IKeyService? service, EntityId entity, string? keys, IReadOnlyCollection<Purpose>? opens) =>
        new(service, entity, keys is null || service is null ? [] : RowKeys.Parse(keys), opens);

    /// <summary>Does something for which this is <see cref="Current"/>.</summary>
    public T Do<T>(Func<T> serialize)
    {
        var before = _current;
        _current = this;
        try
        {
            return serialize();
        }
        finally
        {
            _current = before;
        }
    }

    /// <summary>The ciphertext and its tag.</summary>
    public byte[] Seal(Purpose purpose, ReadOnlySpan<byte> plain)
    {
        ref var key = ref _ciphers[(int)purpose];
        if (key.Cipher is null) key = (Make(purpose, out var context), context, 0);
        var sealedBytes = new byte[sizeof(uint) + plain.Length + TagBytes];
        BitConverter.TryWriteBytes(sealedBytes, key.Sealed);
        key.Cipher!.Encrypt(
            Nonce(key.Sealed++), plain, sealedBytes.AsSpan(sizeof(uint), plain.Length), sealedBytes.AsSpan(^TagBytes), key.Context);
        return sealedBytes;
    }

    /// <summary>What was sealed; null when it cannot be opened, because its key is not there.</summary>
    public byte[]? Open(Purpose purpose, ReadOnlySpan<byte> sealedBytes)
    {
        ref var key = ref _ciphers[(int)purpose];
        if (key.Cipher is null)
        {
            if (Find(purpose, out var context) is not { } cipher) return null;
            key = (cipher, context, 0);
        }

        var plain = new byte[sealedBytes.Length - sizeof(uint) - TagBytes];
        key.Cipher!.Decrypt(
            Nonce(BitConverter.ToUInt32(sealedBytes)), sealedBytes[sizeof(uint)..^TagBytes], sealedBytes[^TagBytes..], plain, key.Context);
        return plain;
    }

    public void Dispose()
    {
        foreach (var (cipher, _, _) in _ciphers) cipher?.Dispose();
    }

    private AesGcm Make(Purpose purpose, out byte[] context)
    {
        if (_service is null) throw new InvalidOperationException(
            $"{_entity} has personal data to keep, and this process has no key of its capability. Give it the key ring.");
        Span<byte> dataKey = stackalloc byte[CapabilityKeys.KeyBytes];
        RandomNumberGenerator.Fill(dataKey);
        var word = EnumWords.Of(purpose);
        context = RowKeys.Context(_entity, word);
        _made[word] = RowKeys.Wrapped(_service.Newest, _service.Wrap(dataKey, context));
        return new AesGcm(dataKey, TagBytes);
    }

    private AesGcm? Find(Purpose purpose, out byte[] context)
    {
        context = [];
        if (_service is null || _wrapped is null || _opens?.Contains(purpose) == false) return null;
        var word = EnumWords.Of(purpose);
        if (!_wrapped.TryGetValue(word, out var wrapped)) return null;
        var (version, bytes) = RowKeys.Read(wrapped);
        context = RowKeys.Context(_entity, word);
        return new AesGcm(_service.Unwrap(version, bytes, context), TagBytes);
    }

    private static byte[] Nonce(uint number)
    {
        var nonce = new byte[12];
        BitConverter.TryWriteBytes(nonce, number);
        return nonce;
    }
}
