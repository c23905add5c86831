using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Replay;

/// <summary>What all requests have in common.</summary>
internal static class Wire
{
    public const string Currency = "GBP";

    /// <summary>For answers: hold them until the thing has settled, or for a while.</summary>
    public const string Wait = "wait=30";

    /// <summary>The most items that a page has.</summary>
    public const int PageSize = 500;

    /// <summary>For the digests of requests, and for the report.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A word of the API as it writes it: <c>partly_shipped</c>.</summary>
    public static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
