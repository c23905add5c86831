namespace Commerce.ApiGateway;

/// <summary>
/// The page to read and try the API, and the style of the pages about problems. Swagger UI with a page and a script of our own: the
/// functions that its package takes as settings are made of text in the browser, which the page's security policy forbids.
/// </summary>
internal static class DocumentPage
{
    private const string Root = "/docs";

    /// <summary>
    /// Serves the page with scripts and styles from this process, on a branch of its own, so that no other request passes through it.
    /// </summary>
    public static void UseDocumentPage(this WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(Root),
        docs =>
        {
            docs.Use((http, next) => http.Request.Path.Value switch
            {
                $"{Root}/docs.js" => Results.Stream(Resource("docs.js"), "text/javascript; charset=utf-8").ExecuteAsync(http),
                $"{Root}/problems.css" => Results.Stream(Resource("problems.css"), "text/css; charset=utf-8").ExecuteAsync(http),
                _ => next(http),
            });
            docs.UseSwaggerUI(page =>
            {
                page.RoutePrefix = Root[1..];
                page.IndexStream = () => Resource("docs.html");
            });
        });

    private static Stream Resource(string name) => typeof(DocumentPage).Assembly.GetManifestResourceStream(name)!;
}
