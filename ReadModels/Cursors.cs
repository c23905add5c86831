using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.ReadModels;

/// <summary>
/// Cursors: the list's name and the sort key of the last item given out, as URL-safe text. A digest in front distinguishes a damaged or
/// foreign one from one of ours; there is nothing secret in it.
/// </summary>
internal static class Cursors
{
    private const int DigestBytes = 6;

    public static string Write(string list, IEnumerable<object> key)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes<string[]>([list, .. key.Select(Text)]);
        return Base64Url.EncodeToString([.. Digest(content), .. content]);
    }

    public static object[] Read(string list, string cursor, IReadOnlyList<Type> types)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(cursor);
            var content = bytes.AsSpan(Math.Min(DigestBytes, bytes.Length));
            if (!Digest(content).SequenceEqual(bytes.Take(DigestBytes))) throw new BadCursorException(cursor);
            var parts = JsonSerializer.Deserialize<string[]>(content)!;
            if (parts[0] != list || parts.Length != types.Count + 1) throw new BadCursorException(cursor);
            return [.. types.Select((type, i) => Value(parts[i + 1], type))];
        }
        catch (Exception problem) when (problem is FormatException or JsonException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new BadCursorException(cursor);
        }
    }

    private static byte[] Digest(ReadOnlySpan<byte> content) => SHA256.HashData(content)[..DigestBytes];

    private static string Text(object value) => value switch
    {
        string text => text,
        long number => number.ToString(),
        DateTimeOffset time => time.UtcTicks.ToString(),
        _ => throw new InvalidOperationException($"A list cannot be sorted by a {value.GetType().Name}."),
    };

    private static object Value(string text, Type type) =>
        type == typeof(string) ? text
        : type == typeof(long) ? long.Parse(text)
        : new DateTimeOffset(long.Parse(text), TimeSpan.Zero);
}
