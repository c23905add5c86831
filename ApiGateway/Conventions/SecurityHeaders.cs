namespace Commerce.ApiGateway;

/// <summary>What browsers should know about every answer.</summary>
internal static class SecurityHeaders
{
    // The page to try the API writes styles into its elements; its scripts are files.
    private const string Page =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    // The dashboard brings all of its own, and writes styles into its elements.
    private const string Dashboard =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'";

    private const string Problems = "default-src 'none'; style-src 'self'; frame-ancestors 'none'";

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
            var path when path.StartsWithSegments("/problems") => Problems,
            _ => Data,
        };
        headers.CacheControl = "no-store";
        return next(http);
    }
}
