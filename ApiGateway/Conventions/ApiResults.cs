using System.Reflection;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace Commerce.ApiGateway;

/// <summary>The successful answers, as the framework's typed results: what an endpoint returns is also what its document says.</summary>
internal static class ApiResults
{
    /// <summary>A thing as it is, with its version as <c>ETag</c>; nothing but <c>304</c> when the caller has it already.</summary>
    public static Results<Ok<T>, NotModified> Found<T>(ApiRequest request, T view, long version)
    {
        SetVersion(request, version);
        return RequestHeaders.HasVersion(request.Http.Request, version) ? new NotModified() : TypedResults.Ok(view);
    }

    /// <summary>A thing as it is after a change, with its version as <c>ETag</c>.</summary>
    public static Ok<T> Ok<T>(ApiRequest request, T view, long version)
    {
        SetVersion(request, version);
        return TypedResults.Ok(view);
    }

    /// <summary>A new thing, and where it is.</summary>
    public static Created<T> Created<T>(ApiRequest request, string location, T view, long version)
    {
        SetVersion(request, version);
        return TypedResults.Created(location, view);
    }

    /// <summary>Accepted and durable; what follows from it goes on by itself.</summary>
    public static Accepted<T> Accepted<T>(ApiRequest request, string location, T receipt, long version)
    {
        SetVersion(request, version);
        return TypedResults.Accepted(location, receipt);
    }

    /// <summary>A page, with the URL of the next one as <c>Link</c> (RFC 8288).</summary>
    public static Ok<Page<T>> Page<T>(ApiRequest request, Page<T> page)
    {
        if (page.Next is not null)
        {
            page = page with { Next = PageCursors.Seal(request.Http, page.Next) };
            var http = request.Http.Request;
            var others = http.Query.Where(q => q.Key != Query.Cursor.Name);
            var next = QueryString.Create(others.Append(new(Query.Cursor.Name, page.Next)));
            request.Http.Response.Headers.Link = $"<{http.PathBase}{http.Path.ToUriComponent()}{next}>; rel=\"next\"";
        }

        return TypedResults.Ok(page);
    }

    private static void SetVersion(ApiRequest request, long version) => request.Http.Response.Headers.ETag = $"\"{version}\"";
}

/// <summary>The caller has this version already. The framework has no typed result for it.</summary>
internal sealed class NotModified : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return Task.CompletedTask;
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
}

/// <summary>It cannot serve now, and how it is. The framework has no typed result for it.</summary>
internal sealed class Unavailable<T>(T view) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "2";
        return TypedResults.Json(view, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => builder.Metadata.Add(
        new ProducesResponseTypeMetadata(StatusCodes.Status503ServiceUnavailable, typeof(T), ["application/json"]));
}
