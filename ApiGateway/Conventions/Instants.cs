using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Commerce.ApiGateway;

/// <summary>Instants as the API reads them: RFC 3339 with an offset, so that no time zone of a server is ever guessed.</summary>
internal static partial class Instants
{
    /// <summary>What to send.</summary>
    public const string Expected = "an instant such as 2010-12-01T08:26:00Z (RFC 3339, with Z or an offset; years 1900 to 2199)";

    /// <summary>Reads one, as UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        return Rfc3339().Match(text) is { Success: true } match
            && DateTimeOffset.TryParse(
                $"{match.Groups[1]}{match.Groups[2]}{match.Groups[3]}", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal,
                out instant)
            && instant.Year is >= 1900 and < 2200;
    }

    /// <summary>Reads a day, of the same years.</summary>
    public static bool TryParseDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day)
        && day.Year is >= 1900 and < 2200;

    // More digits of a second than are kept are cut.
    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:(\.\d{1,7})\d{0,23})?(Z|[+-]\d\d:\d\d)\z")]
    private static partial Regex Rfc3339();
}

/// <summary>Instants in bodies: any offset is accepted and converted to UTC.</summary>
internal sealed class InstantConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        Instants.TryParse(reader.GetString()!, out var instant) ? instant : throw new JsonException($"Expected {Instants.Expected}.");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
