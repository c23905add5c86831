using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.ApiGateway;

/// <summary>Whole numbers in bodies: JSON Schema counts <c>1.0</c> and <c>1e3</c> among them (draft 2020-12, section 4.2.3).</summary>
internal static class WholeNumbers
{
    /// <summary>Readers for a body's members; answers are written as ever.</summary>
    public static IEnumerable<JsonConverter> Converters => [new Long(), new Int()];

    /// <summary>The number, or null where it is none of 64 bits.</summary>
    public static long? Of(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && decimal.Truncate(exact) == exact && exact is >= long.MinValue and <= long.MaxValue
            && (exact != 0 || !text.TakeWhile(c => c is not ('e' or 'E')).Any(c => c is >= '1' and <= '9')) // 1e-300 is not nothing
            ? (long)exact
            : null;

    private static long Read(ref Utf8JsonReader reader) =>
        (reader.TokenType == JsonTokenType.Number ? Of(Encoding.UTF8.GetString(reader.ValueSpan)) : null)
        ?? throw new JsonException("Expected a whole number.");

    private sealed class Long : JsonConverter<long>
    {
        public override long Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => WholeNumbers.Read(ref reader);

        public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }

    private sealed class Int : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            checked((int)WholeNumbers.Read(ref reader));

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
    }
}
