using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>The successful answers.</summary>
internal static class Answers
{
    /// <summary>A thing as it is, with its version as <c>ETag</c>; nothing but <c>304</c> when the caller has it already.</summary>
    public static IResult Ok<T>(Request request, T view, long version)
    {
        SetVersion(request, version);
        return HttpMethods.IsGet(request.Http.Request.Method) && RequestHeaders.HasVersion(request.Http.Request, version)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Ok(view);
    }

    /// <summary>A thing.</summary>
    public static IResult Ok<T>(T view) => Results.Json(view, RequestBody.Json);

    /// <summary>A new thing, and where it is.</summary>
    public static IResult Created<T>(Request request, string location, T view, long version) =>
        At(request, StatusCodes.Status201Created, location, view, version);

    /// <summary>Accepted and durable; what follows from it goes on by itself.</summary>
    public static IResult Accepted<T>(Request request, string location, T receipt, long version) =>
        At(request, StatusCodes.Status202Accepted, location, receipt, version);

    /// <summary>A page, with the URL of the next one as <c>Link</c> (RFC 8288).</summary>
    public static IResult Page<T>(Request request, Page<T> page)
    {
        if (page.Next is not null)
        {
            var http = request.Http.Request;
            var others = http.Query.Where(q => q.Key != Query.Cursor.Name);
            var next = QueryString.Create(others.Append(new(Query.Cursor.Name, page.Next)));
            request.Http.Response.Headers.Link = $"<{http.PathBase}{http.Path.ToUriComponent()}{next}>; rel=\"next\"";
        }

        return Ok(page);
    }

    private static IResult At<T>(Request request, int status, string location, T view, long version)
    {
        SetVersion(request, version);
        request.Http.Response.Headers.Location = location;
        return Results.Json(view, RequestBody.Json, statusCode: status);
    }

    private static void SetVersion(Request request, long version) => request.Http.Response.Headers.ETag = $"\"{version}\"";
}
