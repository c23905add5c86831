namespace Commerce.ApiGateway;

/// <summary>An example body; a test posts each one.</summary>
internal sealed record BodyExample(string Json, bool Optional);

/// <summary>The endpoint changes something; its headers follow from that.</summary>
/// <param name="Versioned">It honours <c>If-Match</c>.</param>
/// <param name="Waits">It honours <c>Prefer: wait=N</c>.</param>
internal sealed record Changes(bool Versioned, bool Waits);

/// <summary>What an answer's status means.</summary>
internal sealed record AnswerMeaning(int Status, string Description);

/// <summary>How an endpoint is described, beside the endpoint; the document at <c>/openapi/v1.json</c> is made of it.</summary>
internal static class Describe
{
    /// <summary>One sentence, and more where it is needed.</summary>
    public static RouteHandlerBuilder As(this RouteHandlerBuilder route, string name, string summary, string? more = null)
    {
        route.WithName(name).WithSummary(summary);
        return more is null ? route : route.WithDescription(more);
    }

    /// <summary>The query parameters it knows.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.WithMetadata(new Takes(parameters));

    /// <summary>The query parameters it knows, and those of paging.</summary>
    public static RouteHandlerBuilder Paged(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.Takes([.. parameters, Query.Limit, Query.Cursor]);

    /// <summary>The body it reads, by example.</summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route, string example, bool optional = false) where T : class =>
        route.Accepts<T>(optional, "application/json").WithMetadata(new BodyExample(example, optional));

    /// <summary>It changes something.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, bool versioned = true, bool waits = false) =>
        route.WithMetadata(new Changes(versioned, waits));

    /// <summary>A successful answer.</summary>
    public static RouteHandlerBuilder Gives<T>(
        this RouteHandlerBuilder route, int status, string description, string type = "application/json") =>
        route.Produces<T>(status, type).WithMetadata(new AnswerMeaning(status, description));

    /// <summary>A capability's endpoints under one heading, with the permissions they need.</summary>
    public static RouteGroupBuilder Area(this IEndpointRouteBuilder routes, string heading) =>
        routes.MapGroup("").WithTags(heading).WithMetadata(new Needs(heading.ToLowerInvariant()));
}
