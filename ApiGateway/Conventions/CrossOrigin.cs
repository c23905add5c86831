using Microsoft.Net.Http.Headers;

namespace Commerce.ApiGateway;

/// <summary>
/// Lets the scripts of chosen web sites use the API (Fetch standard, CORS). No cookies are involved: a script that calls has an API key.
/// </summary>
internal static class CrossOrigin
{
    public static void AddCrossOrigin(this IServiceCollection services, IReadOnlyList<string> origins) =>
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. origins])
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders(
                HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, "Idempotency-Key",
                "Last-Event-ID", "Prefer", "traceparent", "tracestate", RequestIds.Header)
            .WithExposedHeaders(
                HeaderNames.ETag, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, "Idempotent-Replayed", GuestLinks.Header,
                "Preference-Applied", RequestIds.Header)
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
}
