using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>The headers that steer a request, read strictly: what is not understood is a problem, but for preferences.</summary>
internal static partial class RequestHeaders
{
    /// <summary>The longest that an answer is held back.</summary>
    public const int MaxWaitSeconds = 60;

    private const string KeyHeader = "Idempotency-Key";

    /// <summary>
    /// The idempotency key; null when not given. The IETF's draft has it as a string in quotes (RFC 9651, section 3.3.3), most callers
    /// send it bare: both are the same key.
    /// </summary>
    public static string? IdempotencyKey(HttpRequest request)
    {
        var values = request.Headers[KeyHeader];
        return values.Count == 0 ? null
            : IsIdempotencyKey(request, out var key) ? key
            : throw Bad(
                KeyHeader, "invalid_idempotency_key", values.ToString(),
                "Send one key of 1 to 200 visible ASCII characters, such as a UUID, bare or in quotes.");
    }

    /// <summary>True where there is one that can be a key.</summary>
    public static bool IsIdempotencyKey(HttpRequest request, out string key)
    {
        var values = request.Headers[KeyHeader];
        var given = values.ToString();
        key = !given.StartsWith('"') ? given : QuotedText().IsMatch(given) ? Escape().Replace(given[1..^1], "$1") : "";
        return values.Count == 1 && Validate.IsVisibleAscii(key, 1, 200);
    }

    /// <summary>The versions that the caller is content with; null when not given, or <c>*</c>: any.</summary>
    public static IReadOnlyList<long>? IfMatch(HttpRequest request)
    {
        var values = request.Headers.IfMatch;
        if (values.Count == 0 || values.ToString() == "*") return null;
        // Empty elements of a list are passed over (RFC 9110, section 5.6.1).
        var tags = values.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(tag => StrongVersion().Match(tag)).ToList();
        return tags.Count > 0 && tags.All(tag => tag.Success)
            ? [.. tags.Select(tag => long.Parse(tag.Groups[1].ValueSpan, CultureInfo.InvariantCulture))]
            : throw Bad("If-Match", "invalid_if_match", values.ToString(),
                "Send the ETag of the answer you looked at, such as \"3\" with its quotes, several with commas between them, or *.");
    }

    /// <summary>True when the caller has this version already.</summary>
    public static bool HasVersion(HttpRequest request, long version) => request.Headers.IfNoneMatch
        .SelectMany(v => (v ?? "").Split(','))
        .Any(tag => tag.Trim() is var t && (t == "*" || t.TrimStart('W', '/') == $"\"{version}\""));

    /// <summary>
    /// How long to hold the answer (RFC 7240, section 4.3); null when not asked for, or not in a way that is understood: preferences are
    /// ignored then (section 2). Longer waits are cut.
    /// </summary>
    public static int? WaitSeconds(HttpRequest request)
    {
        var preference = request.Headers["Prefer"]
            .SelectMany(v => (v ?? "").Split(','))
            .Select(v => v.Split(';')[0].Trim())
            .FirstOrDefault(v => v.StartsWith("wait", StringComparison.OrdinalIgnoreCase) && v[4..].TrimStart().StartsWith('='));
        if (preference is null) return null;
        var seconds = preference[(preference.IndexOf('=') + 1)..].Trim().Trim('"');
        return seconds.Length is >= 1 and <= 9 && seconds.All(char.IsAsciiDigit)
            ? Math.Min(MaxWaitSeconds, int.Parse(seconds, CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>A header that cannot be understood.</summary>
    public static ProblemException Bad(string header, string code, string value, string remedy) =>
        new(Problem.Of(new Fault(header, code, $"The header {header} is '{Text.Shorten(value)}'.", remedy)));

    [GeneratedRegex("^\"(0|[1-9][0-9]{0,17})\"\\z")]
    private static partial Regex StrongVersion();

    [GeneratedRegex("""^"(?:[^"\\]|\\["\\])*"\z""")]
    private static partial Regex QuotedText();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escape();
}
