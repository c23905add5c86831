using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Commerce.Kernel;

/// <summary>The shapes of ids. An id is a prefix for its kind, and up to 60 letters, digits, dots, dashes and underscores.</summary>
public static partial class Ids
{
    private const int UuidTimeBytes = 6; // of a UUIDv7: milliseconds (RFC 9562, section 5.7)

    /// <summary>True for <c>PREFIX_xxxx</c>, where the rest is 1 to 60 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public static bool Has(string prefix, string? id) =>
        id is not null && id.StartsWith(prefix + "_", StringComparison.Ordinal) && Rest().IsMatch(id.AsSpan(prefix.Length + 1));

    /// <summary>
    /// True for a SKU: 1 to 64 ASCII letters, digits and signs, single spaces inside allowed; no slash, backslash,
    /// percent, quotes or angles.
    /// </summary>
    public static bool IsSku(string? sku) => sku is { Length: >= 1 and <= 64 } && Sku().IsMatch(sku);

    /// <summary>
    /// The id that belongs to an intent (decision 1): the same caller and key always name the same entity, so that a retry finds what
    /// the first try made without a registry. It is a digest of both, as a UUIDv8 (RFC 9562, section 5.8 and appendix B.2). A key that is
    /// itself a UUIDv7 gives it its time, and so keeps ids sortable.
    /// </summary>
    public static string For(string prefix, string caller, string key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}\n{caller}\n{key}"), digest);
        if (Guid.TryParse(key, out var given) && given.Version == 7)
        {
            Span<byte> sortable = stackalloc byte[16];
            given.TryWriteBytes(sortable, bigEndian: true, out _);
            sortable[..UuidTimeBytes].CopyTo(digest);
        }

        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return $"{prefix}_{new Guid(digest[..16], bigEndian: true):n}";
    }

    /// <summary>
    /// What the ids of one intent have in common: all between the prefix and a slash. <c>ord_1</c>, <c>pay_1</c> and
    /// <c>pay_1/capture/2</c> are of the family <c>1</c>.
    /// </summary>
    public static string Family(string id)
    {
        var rest = id[(id.IndexOf('_') + 1)..];
        var slash = rest.IndexOf('/');
        return slash < 0 ? rest : rest[..slash];
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,60}\\z")]
    private static partial Regex Rest();

    // Not '.' and '..' alone: as a segment of a path they mean another place.
    [GeneratedRegex(@"^(?!\.{1,2}$)[A-Za-z0-9!#$&()*+,\-.:;=?@\[\]^_{|}~]+( [A-Za-z0-9!#$&()*+,\-.:;=?@\[\]^_{|}~]+)*\z")]
    private static partial Regex Sku();
}
