using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;

namespace Commerce.ApiGateway;

/// <summary>
/// Compresses lists, reports and pages for those that ask for it. Not single things: their strong <c>ETag</c> is for one sequence of bytes
/// (RFC 9110, section 8.8.1), and has to stay strong for <c>If-Match</c>. Not problems: they repeat what was sent, and the length of
/// something compressed betrays what stands beside what an attacker sends (BREACH).
/// </summary>
internal sealed class Compression(IServiceProvider services, IOptions<ResponseCompressionOptions> options)
    : ResponseCompressionProvider(services, options)
{
    public override bool ShouldCompressResponse(HttpContext http) =>
        http.Response.Headers.ETag.Count == 0 && base.ShouldCompressResponse(http);
}

internal static class CompressionSetup
{
    public static void AddCompression(this IServiceCollection services)
    {
        services.AddSingleton<IResponseCompressionProvider, Compression>();
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // what is compressed repeats nothing of the request: there is nothing to guess by
            compression.MimeTypes = ["application/json", "text/html"];
        });
    }

    public static void UseCompression(this WebApplication app) =>
        app.UseWhen(http => HttpMethods.IsGet(http.Request.Method), reading => reading.UseResponseCompression());
}
