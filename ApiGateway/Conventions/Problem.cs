using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Commerce.Kernel;
using Microsoft.AspNetCore.Mvc;

namespace Commerce.ApiGateway;

/// <summary>One thing that is wrong with a request: where, what was found there and what was expected.</summary>
/// <param name="Field">JSON pointer into the body, or the name of a header or query parameter.</param>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Detail">What was wrong, with the value (shortened).</param>
/// <param name="Remedy">What was expected.</param>
internal sealed record Fault(string Field, string Code, string Detail, string Remedy);

/// <summary>An answer other than success, as RFC 9457 writes it.</summary>
internal sealed record Problem(
    int Status,
    string Code,
    string Detail,
    string Remedy,
    string? Field = null,
    IReadOnlyList<Fault>? Faults = null,
    RefusalValues? Values = null,
    TimeSpan? RetryAfter = null)
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>A request that cannot be understood: the first fault names the problem, all of them are listed.</summary>
    public static Problem Of(IReadOnlyList<Fault> faults) =>
        new(StatusCodes.Status400BadRequest, faults[0].Code, faults[0].Detail, faults[0].Remedy, faults[0].Field, faults);

    /// <summary>A bad header or query parameter.</summary>
    public static Problem Of(Fault fault) => Of([fault]);

    /// <summary>Writes it as the whole answer.</summary>
    public async Task Write(HttpContext http)
    {
        await Auditing.See(http, this);
        http.Response.StatusCode = Status;
        http.Response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (Status == StatusCodes.Status401Unauthorized && http.Response.Headers.WWWAuthenticate.Count == 0)
            http.Response.Headers.WWWAuthenticate = Credentials.Asked;
        await TypedResults.Problem(Details(RequestIds.Of(http))).ExecuteAsync(http);
    }

    public ProblemDetails Details(string requestId)
    {
        var details = new ProblemDetails
        {
            Type = $"/problems/{Code}",
            Title = TitleOf(Code),
            Status = Status,
            Detail = Detail,
            Extensions = { ["code"] = Code, ["remedy"] = Remedy, ["requestId"] = requestId },
        };
        if (Field is not null) details.Extensions["field"] = Field;
        if (Faults is { Count: > 0 }) details.Extensions["errors"] = Faults;
        foreach (var (name, value) in JsonSerializer.SerializeToNode(Values, RequestBody.Json) as JsonObject ?? [])
            if (value is not null) details.Extensions.Add(name, value);
        return details;
    }

    /// <summary>A code in words.</summary>
    public static string TitleOf(string code)
    {
        var words = code.Replace('_', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }
}

/// <summary>Ends a request with a problem.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What to answer.</summary>
    public Problem Problem { get; } = problem;
}
