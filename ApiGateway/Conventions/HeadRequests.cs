namespace Commerce.ApiGateway;

/// <summary><c>HEAD</c> is <c>GET</c> without the body, and <c>OPTIONS</c> lists the methods, everywhere (RFC 9110).</summary>
internal static class HeadRequests
{
    private static readonly object Slot = new();

    /// <summary>True when the client sent <c>HEAD</c>.</summary>
    public static bool IsHead(HttpContext http) => http.Items.ContainsKey(Slot);

    /// <summary>Serves <c>HEAD</c> as <c>GET</c>; the server leaves the body out.</summary>
    public static Task AsGet(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsOptions(http.Request.Method)) return Methods(http, next);
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Items[Slot] = true;
            http.Request.Method = HttpMethods.Get;
        }

        return next(http);
    }

    private static async Task Methods(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            http.Response.StatusCode = StatusCodes.Status204NoContent; // with the Allow header that routing has set
    }
}
