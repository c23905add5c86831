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
        Set(http.Response.Headers, http.Request.Path);
        return next(http);
    }

    /// <summary>Those of an answer to a path.</summary>
    public static void Set(IHeaderDictionary headers, PathString path)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = path switch
        {
            _ when path.StartsWithSegments("/docs") => Page,
            _ when path.StartsWithSegments("/dashboard") => Dashboard,
            _ when path.StartsWithSegments("/problems") => Problems,
            _ => Data,
        };
        headers.CacheControl = "no-store";
    }
}
