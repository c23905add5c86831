namespace Commerce.ApiGateway;

/// <summary>An example body. A test finds all of them at the endpoints, and sends each.</summary>
internal sealed record BodyExample(string Json, bool Optional);

/// <summary>The endpoint changes something; its headers follow from that.</summary>
/// <param name="Versioned">It honours <c>If-Match</c>.</param>
/// <param name="Waits">It honours <c>Prefer: wait=N</c>.</param>
internal sealed record Changes(bool Versioned, bool Waits);

/// <summary>What an answer's status means.</summary>
internal sealed record AnswerMeaning(int Status, string Description);

/// <summary>A segment of the path, as the document describes it.</summary>
/// <param name="Name">Between the braces.</param>
/// <param name="Description">For the documentation.</param>
/// <param name="Example">One that the examples of bodies are about.</param>
/// <param name="Unknown">The code of the refusal where there is no such thing; null where that is no refusal.</param>
internal sealed record PathParameter(string Name, string Description, string Example, string? Unknown = null);

/// <summary>How an endpoint is described, beside the endpoint; the document at <c>/openapi/v1.json</c> is made of it.</summary>
internal static class Describe
{
    /// <summary>One sentence, and more where it is needed.</summary>
    public static RouteHandlerBuilder As(this RouteHandlerBuilder route, string name, string summary, string? more = null)
    {
        route.WithName(name).WithSummary(summary);
        return more is null ? route : route.WithDescription(more);
    }

    /// <summary>The query parameters of the endpoint.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.WithMetadata(new Takes(parameters));

    /// <summary>The query parameters of the endpoint, and those of paging.</summary>
    public static RouteHandlerBuilder Paged(this RouteHandlerBuilder route, params QueryParameter[] parameters) =>
        route.Takes([.. parameters, Query.Limit, Query.Cursor]);

    /// <summary>The body it reads, by example.</summary>
    public static RouteHandlerBuilder Reads<T>(this RouteHandlerBuilder route, string example, bool optional = false) where T : class =>
        route.Accepts<T>(optional, "application/json").WithMetadata(new BodyExample(example, optional));

    /// <summary>It changes something.</summary>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, bool versioned = true, bool waits = false) =>
        route.WithMetadata(new Changes(versioned, waits));

    /// <summary>How its changes are counted, where that is not as usual (decision 30).</summary>
    public static RouteHandlerBuilder CountsAs(this RouteHandlerBuilder route, RouteClass changes) =>
        route.WithMetadata(new CountedAs(changes));

    /// <summary>The meaning of one of its successful answers; its return type says which there are, and of what.</summary>
    public static RouteHandlerBuilder Means(this RouteHandlerBuilder route, int status, string description) =>
        route.WithMetadata(new AnswerMeaning(status, description));

    /// <summary>The answer is a stream of Server-Sent Events.</summary>
    public static RouteHandlerBuilder Streams<T>(this RouteHandlerBuilder route, string description) =>
        route.Produces<T>(StatusCodes.Status200OK, ServerSentEvents.MediaType).Means(StatusCodes.Status200OK, description);

    /// <summary>The codes of the business's refusals with one status, besides those of all endpoints of its kind.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, int status, params string[] codes) =>
        route.WithMetadata(new Refuses(status, codes));

    /// <summary>It stands under another heading than the rest of its area.</summary>
    public static RouteHandlerBuilder Under(this RouteHandlerBuilder route, Heading heading) => route.WithMetadata(heading);

    /// <summary>A capability's endpoints under one heading, with the segments of their paths.</summary>
    public static RouteGroupBuilder Area(this IEndpointRouteBuilder routes, Heading heading, params PathParameter[] segments) =>
        routes.MapGroup("").WithMetadata([heading, .. segments]);
}
