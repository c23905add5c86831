using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace Commerce.ApiGateway;

/// <summary>
/// The text of an API key, <c>cmr_NAME_SECRET_CHECKSUM</c>: programs that look for secrets find it by its shape, and a typing error is
/// known without a look-up.
/// </summary>
internal static class ApiKeyText
{
    /// <summary>What it begins with.</summary>
    public const string Prefix = "cmr_";

    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int NameLength = 10;
    private const int SecretLength = 43; // of 62 signs: 256 bits
    private const int ChecksumLength = 6;
    private const int Length = 4 + NameLength + 1 + SecretLength + 1 + ChecksumLength;

    /// <summary>A new secret for the key with this id.</summary>
    public static string New(string id)
    {
        var text = $"{StartOf(id)}_{RandomNumberGenerator.GetString(Digits, SecretLength)}";
        return $"{text}_{ChecksumOf(text)}";
    }

    /// <summary>What all secrets of the key with this id begin with: made of the id, so that it says no more than that.</summary>
    public static string StartOf(string id) =>
        Prefix + Write(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))), NameLength);

    /// <summary>What a text begins with if it is one of a key; null: it is not, or it was mistyped.</summary>
    public static string? Read(string text)
    {
        if (text.Length != Length || !text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var parts = text.Split('_');
        return parts is [_, { Length: NameLength }, { Length: SecretLength }, { Length: ChecksumLength } checksum]
            && checksum == ChecksumOf(text[..^(ChecksumLength + 1)]) ? text[..(Prefix.Length + NameLength)] : null;
    }

    private static string ChecksumOf(string text) => Write(Crc32.HashToUInt32(Encoding.UTF8.GetBytes(text)), ChecksumLength);

    private static string Write(ulong number, int length)
    {
        Span<char> digits = stackalloc char[length];
        for (var i = length - 1; i >= 0; i--) (digits[i], number) = (Digits[(int)(number % 62)], number / 62);
        return new string(digits);
    }
}
