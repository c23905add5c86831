using System.Text;
using System.Text.Json;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>The facts of one append as two columns: their types with blanks between them, and a JSON array of their members.</summary>
internal static class FactColumns
{
    /// <summary>The columns of these facts.</summary>
    public static (string Types, string Data) Of(IReadOnlyList<EncodedFact> facts) => facts.Count == 1
        ? (facts[0].Type, $"[{facts[0].Json}]")
        : (string.Join(' ', facts.Select(f => f.Type)), $"[{string.Join(',', facts.Select(f => f.Json))}]");

    /// <summary>The facts of these columns, byte for byte as they were.</summary>
    public static IReadOnlyList<EncodedFact> Read(int count, string types, string data, string? keys) => count == 1
        ? [new EncodedFact(types, data[1..^1], keys)]
        : [.. types.Split(' ').Zip(Split(data), (t, d) => new EncodedFact(t, d, keys))];

    private static List<string> Split(string data)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        var reader = new Utf8JsonReader(bytes);
        var parts = new List<string>();
        reader.Read(); // the array
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            parts.Add(Encoding.UTF8.GetString(bytes, start, (int)reader.BytesConsumed - start));
        }

        return parts;
    }
}
