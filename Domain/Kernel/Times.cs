using System.Globalization;

namespace Commerce.Kernel;

/// <summary>Instants in sentences for a person, written as the API writes them.</summary>
public static class Times
{
    /// <summary>In UTC, with the digits of a second that it has: <c>2026-01-01T00:00:00Z</c> (RFC 3339).</summary>
    public static string Text(this DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
