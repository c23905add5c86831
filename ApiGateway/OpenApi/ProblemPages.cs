using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Commerce.ApiGateway;

/// <summary>Where the <c>type</c> of a problem leads to: a page for a person, or the same as JSON.</summary>
internal sealed class ProblemPages : IEndpoints
{
    private const string Root = "/problems";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup(Root).AllowAnonymous().ExcludeFromDescription();
        pages.MapGet("", IResult (HttpContext http, ProblemCatalogue problems) => IsBrowser(http)
            ? Page("Problems", Listed(problems)) : TypedResults.Ok(problems.All));
        pages.MapGet("/{code}", IResult (string code, HttpContext http, ProblemCatalogue problems) => problems.Find(code) switch
        {
            null => TypedResults.NotFound(),
            var problem when IsBrowser(http) => Page(problem.Title, Explained(problem)),
            var problem => TypedResults.Ok(problem),
        });
    }

    // A browser names HTML; programs name JSON, or nothing.
    private static bool IsBrowser(HttpContext http) =>
        http.Request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static string Listed(ProblemCatalogue problems)
    {
        var html = new StringBuilder("<p>Why a request can be refused. Programs decide by the code.</p>\n<dl>\n");
        foreach (var problem in problems.All)
            html.Append($"<dt><a href=\"{Root}/{problem.Code}\">{problem.Code}</a></dt><dd>{Text(problem.Meaning)}</dd>\n");
        return html.Append("</dl>\n").ToString();
    }

    private static string Explained(ExplainedProblem problem)
    {
        var html = new StringBuilder($"<p><code>{problem.Code}</code></p>\n<p>{Text(problem.Meaning)}</p>\n");
        foreach (var example in problem.Examples)
            html.Append($"<h2>Status {example["status"]}</h2>\n<dl>\n")
                .Append($"<dt>It says, for example</dt><dd>{Text((string)example["detail"]!)}</dd>\n")
                .Append($"<dt>What to do</dt><dd>{Text((string)example["remedy"]!)}</dd>\n</dl>\n");
        html.Append("<h2>Operations</h2>\n");
        if (problem.Operations.Count == 0) html.Append("<p>Any request may meet it.</p>\n");
        else html.Append($"<p>{string.Join(", ", problem.Operations)}: see <a href=\"/docs/\">the API's page</a>.</p>\n");
        return html.Append($"<p><a href=\"{Root}\">All problems</a></p>\n").ToString();
    }

    private static ContentHttpResult Page(string title, string body) => TypedResults.Content(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title}</title>
        <link rel="stylesheet" href="/docs/problems.css">
        </head>
        <body>
        <h1>{title}</h1>
        {body}</body>
        </html>

        """,
        "text/html; charset=utf-8");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
