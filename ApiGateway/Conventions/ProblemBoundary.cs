using Commerce.Journal;

namespace Commerce.ApiGateway;

/// <summary>
/// Where exceptions end: each becomes a problem, and the unexpected are logged whole. The framework's own exception handler clears all
/// headers of the answer, among them those that every answer must have; this one clears only what belongs to success.
/// </summary>
internal static class ProblemBoundary
{
    /// <summary>Runs the rest of the request.</summary>
    public static async Task Run(HttpContext http, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && Problems.Of(http) is { } empty) await empty.Write(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = StatusCodes.Status499ClientClosedRequest; // the client has gone: only the log's line shows it
        }
        catch (Exception failure)
        {
            var problem = Problems.Of(failure, Problems.IsReading(http));
            http.RequestServices.GetRequiredService<RefusalWatch>().See(http, problem);
            if (problem.Status == StatusCodes.Status500InternalServerError)
                log.LogError(failure, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            else if (problem.Status == StatusCodes.Status503ServiceUnavailable)
                log.LogWarning(
                    "{Method} {Path} has to wait: {Cause}", http.Request.Method, http.Request.Path, PostgresFailures.Cause(failure));
            if (http.Response.HasStarted)
            {
                http.Abort(); // an answer that was begun cannot be taken back, so the connection is cut
                return;
            }

            ClearAllButOwnHeaders(http);
            await problem.Write(http);
        }
    }

    private static void ClearAllButOwnHeaders(HttpContext http)
    {
        foreach (var name in (string[])["ETag", "Location", "Content-Length", "Preference-Applied"]) http.Response.Headers.Remove(name);
    }
}
