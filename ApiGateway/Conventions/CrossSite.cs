using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// Refuses changes that a page of another web site makes a browser send (cross-site request forgery). Browsers say so themselves, by
/// <c>Sec-Fetch-Site</c> (Fetch Metadata) and by <c>Origin</c>; other programs send neither.
/// </summary>
internal static class CrossSite
{
    /// <summary>Lets through what changes nothing, what this site's own pages send, and what the configured sites send.</summary>
    public static Task Refuse(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (Problems.IsReading(http) || HttpMethods.IsOptions(request.Method)) return next(http);
        var origin = request.Headers.Origin.ToString();
        var allowed = origin.Length == 0
            ? request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            : origin == $"{request.Scheme}://{request.Host}"
                || http.RequestServices.GetRequiredService<GatewaySettings>().CorsOrigins.Contains(origin);
        return allowed ? next(http) : throw new ProblemException(new Problem(
            StatusCodes.Status403Forbidden, "cross_site", $"A page of {Site(origin)} sent this request, and that site may not.",
            "Add the site to Commerce:Cors:Origins if its scripts are to use the API.", "Origin"));
    }

    private static string Site(string origin) => origin is "" or "null" ? "another site" : $"'{Text.Shorten(origin)}'";
}
