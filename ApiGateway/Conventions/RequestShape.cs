using System.Buffers;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Commerce.ApiGateway;

/// <summary>
/// Refuses requests of a shape that no client of the API has a reason for, but that programs on the way may read differently than this one:
/// where one message ends and the next begins, which path is meant, or which method.
/// </summary>
internal static class RequestShape
{
    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal)
    {
        HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete, HttpMethods.Options,
    };

    /// <summary>Headers by which some servers take another method or path than the request's first line has.</summary>
    private static readonly HashSet<string> Steering = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override",
    };

    /// <summary>What Kestrel renames a length to that stands beside chunks (RFC 9112, section 6.3).</summary>
    private const string SecondLength = "X-Content-Length";

    private static readonly SearchValues<char> Readable =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t']);

    private static readonly string[] OtherSegments = [".", "..", "%2e", "%2e.", ".%2e", "%2e%2e"];

    public static Task Check(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (!Methods.Contains(request.Method))
            throw new ProblemException(new Problem(
                StatusCodes.Status501NotImplemented, "unknown_method", $"The method is '{Text.Shorten(request.Method)}'.",
                $"Use one of {string.Join(", ", Methods)}; they are case-sensitive."));
        if (Framing(request) is { } framing)
        {
            http.Response.Headers.Connection = "close"; // what follows on it may be part of this one
            throw Malformed(framing, "Give a body either a Content-Length, or 'Transfer-Encoding: chunked' in HTTP/1.1.");
        }

        if (Path(http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "") is { } path)
            throw Malformed(path, "Write the path as it is, and encode what is in its segments, but no slashes and no dots.");
        foreach (var (name, values) in request.Headers)
        {
            if (name.Contains('_') || Steering.Contains(name))
                throw Malformed($"The header '{Text.Shorten(name)}' is not taken here.", "Leave it out.");
            if (values.Any(v => v.AsSpan().ContainsAnyExcept(Readable)))
                throw Malformed($"The header '{Text.Shorten(name)}' has other than visible ASCII characters.", "Encode what it says.");
        }

        return next(http);
    }

    private static string? Framing(HttpRequest request)
    {
        var chunks = request.Headers.TransferEncoding;
        var hasBody = chunks.Count > 0 || request.ContentLength > 0;
        if (hasBody && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsDelete(request.Method)))
            return $"{request.Method} has a body, which means nothing.";
        if (chunks.Count == 0) return null;
        if (HttpProtocol.IsHttp10(request.Protocol)) return "A request of HTTP/1.0 cannot have chunks.";
        if (request.Headers.ContainsKey(HeaderNames.ContentLength) || request.Headers.ContainsKey(SecondLength))
            return "The request has both a length and chunks.";
        return chunks.Count == 1 && chunks.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase)
            ? null : $"The transfer encoding '{Text.Shorten(chunks.ToString())}' is not taken here.";
    }

    private static string? Path(string target)
    {
        var path = target.Split('?', 2)[0];
        foreach (var slash in (string[])["%2f", "%5c", "\\"])
            if (path.Contains(slash, StringComparison.OrdinalIgnoreCase)) return $"The path has '{slash}', which may be read as a slash.";
        return path.Split('/').FirstOrDefault(s => OtherSegments.Contains(s, StringComparer.OrdinalIgnoreCase)) is { } other
            ? $"The path has the segment '{other}', which means another path." : null;
    }

    private static ProblemException Malformed(string detail, string remedy) =>
        new(new Problem(StatusCodes.Status400BadRequest, "malformed_request", detail, remedy));
}
