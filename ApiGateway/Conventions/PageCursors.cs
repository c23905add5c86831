using System.Buffers.Text;
using System.Text;
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
    public static string Seal(HttpContext http, string cursor) => Base64Url.EncodeToString(
        [.. Signer(http).Sign(Purpose, Content(http, cursor)), .. Encoding.UTF8.GetBytes(cursor)]);

    /// <summary>The list's own cursor.</summary>
    /// <exception cref="BadCursorException">It was not given out, or to another caller, or for another list.</exception>
    public static string Open(HttpContext http, string given)
    {
        byte[] bytes = Base64Url.IsValid(given) ? Base64Url.DecodeFromChars(given) : [];
        if (bytes.Length <= Hosting.Signer.Bytes) throw new BadCursorException(Text.Shorten(given));
        var cursor = Encoding.UTF8.GetString(bytes.AsSpan(Hosting.Signer.Bytes));
        return Signer(http).Verify(Purpose, Content(http, cursor), bytes.AsSpan(0, Hosting.Signer.Bytes))
            ? cursor : throw new BadCursorException(Text.Shorten(given));
    }

    private static Signer Signer(HttpContext http) => http.RequestServices.GetRequiredService<Signer>();

    // Not the limit: a caller may want larger pages further down.
    private static string Content(HttpContext http, string cursor)
    {
        var filters = http.Request.Query
            .Where(q => q.Key != Query.Cursor.Name && q.Key != Query.Limit.Name && !string.IsNullOrEmpty(q.Value))
            .OrderBy(q => q.Key, StringComparer.Ordinal);
        return string.Join('\n', [
            CallerIdentity.Of(http.User).Name, http.Request.Path.ToUriComponent(), QueryString.Create(filters).ToUriComponent(), cursor]);
    }
}
