using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Hosting;

namespace Commerce.ApiGateway;

/// <summary>
/// The name of one request, from <c>X-Request-Id</c> when it is well formed, else made here: echoed in the answer, in every problem and in
/// every line of the log.
/// </summary>
internal static partial class RequestIds
{
    /// <summary>The header, both ways.</summary>
    public const string Header = "X-Request-Id";

    private static readonly object Slot = new();

    /// <summary>The request's id.</summary>
    public static string Of(HttpContext http) => (string)http.Items[Slot]!;

    /// <summary>A new one.</summary>
    public static string New() => $"req_{Guid.CreateVersion7():n}";

    /// <summary>Names the request, logs one line at its end, and turns every failure into a problem.</summary>
    public static void UseRequestIds(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Commerce.Request");
        app.Use(async (http, next) =>
        {
            var given = http.Request.Headers[Header].ToString();
            var id = WellFormed().IsMatch(given) ? given : New();
            http.Items[Slot] = id;
            http.Response.Headers[Header] = id;
            var started = Stopwatch.GetTimestamp();
            using (log.BeginScope(new RequestScope(id)))
            {
                await ProblemBoundary.Run(http, next, log);
                Log(log, http, id, Stopwatch.GetElapsedTime(started));
            }
        });
    }

    private static void Log(ILogger log, HttpContext http, string id, TimeSpan took)
    {
        if (!log.IsEnabled(LogLevel.Information)) return;
        var line = new RequestLine(
            http.Request.Method, (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)", http.Response.StatusCode,
            Math.Round(took.TotalMilliseconds, 2), http.User.Identity?.Name ?? "(none)", id);
        log.Log(LogLevel.Information, default, line, null, static (it, _) => it.ToString());
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,128}\\z")]
    private static partial Regex WellFormed();
}

/// <summary>The log's line of one request. There is one for each request, so it is put together without a template.</summary>
internal sealed class RequestLine(string method, string route, int status, double durationMs, string caller, string requestId)
    : IEnumerable<KeyValuePair<string, object?>>
{
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return new("Method", method);
        yield return new("Route", route);
        yield return new("Status", status);
        yield return new("DurationMs", durationMs);
        yield return new("Caller", caller);
        yield return new("RequestId", requestId);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{method} {route} {status} {durationMs} ms by {caller} ({requestId})");

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
