using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// The cursors that callers see: one of a list, and before it a code that binds it to the list, the filters and the caller. No caller can
/// make one up, or go on with the list of another.
/// </summary>
internal static class PageCursors
{
    private const string Purpose = "cursor";

    /// <summary>The list's own cursor as the caller gets it.</summary>
    public static string Seal(HttpContext http, string cursor) => Signer(http).Seal(Purpose, cursor, List(http));

    /// <summary>The list's own cursor.</summary>
    /// <exception cref="BadCursorException">It was not given out, or to another caller, or for another list.</exception>
    public static string Open(HttpContext http, string given) =>
        Signer(http).Open(Purpose, given, List(http)) ?? throw new BadCursorException(Text.Shorten(given));

    private static Signer Signer(HttpContext http) => http.RequestServices.GetRequiredService<Signer>();

    // Not the limit: a caller may want larger pages further down.
    private static string List(HttpContext http)
    {
        var filters = http.Request.Query
            .Where(q => q.Key != Query.Cursor.Name && q.Key != Query.Limit.Name && !string.IsNullOrEmpty(q.Value))
            .OrderBy(q => q.Key, StringComparer.Ordinal);
        return string.Join(
            '\n', CallerIdentity.Of(http.User).Name, http.Request.Path.ToUriComponent(), QueryString.Create(filters).ToUriComponent());
    }
}
