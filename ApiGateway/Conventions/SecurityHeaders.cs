namespace Commerce.ApiGateway;

/// <summary>What browsers should know about every answer.</summary>
internal static class SecurityHeaders
{
    // The page to try the API is the only one with scripts; its own are inline.
    private const string Page =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "frame-ancestors 'none'";

    // The dashboard brings all of its own, and writes styles into its elements.
    private const string Dashboard =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    private const string Data = "default-src 'none'; frame-ancestors 'none'";

    public static Task Add(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = http.Request.Path switch
        {
            var path when path.StartsWithSegments("/docs") => Page,
            var path when path.StartsWithSegments("/dashboard") => Dashboard,
            _ => Data,
        };
        headers.CacheControl = "no-store";
        return next(http);
    }
}
