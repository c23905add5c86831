using System.Collections.Concurrent;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace Commerce.ApiGateway;

/// <summary>Codes with which an endpoint refuses, declared beside it.</summary>
internal sealed record Refuses(int Status, IReadOnlyList<string> Codes);

/// <summary>The problems of one status that an endpoint can answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Meaning">What the status means.</param>
/// <param name="Codes">All its codes.</param>
/// <param name="Own">Those that the endpoint declares itself.</param>
internal sealed record ProblemsOf(int Status, string Meaning, IReadOnlyList<string> Codes, IReadOnlyList<string> Own)
{
    /// <summary>The codes that are shown by example: its own, or one of those that all endpoints of its kind have.</summary>
    public IEnumerable<string> Shown => Own.Count > 0 ? Own : Codes.Take(1);
}

/// <summary>
/// The problems that an endpoint can answer: a closed set, made of what it declares itself and of what holds for all of its kind. The
/// document lists it, and <see cref="RefusalWatch"/> holds the endpoint to it.
/// </summary>
internal static partial class RefusalCodes
{
    /// <summary>What is wrong with addresses.</summary>
    public static readonly IReadOnlyList<string> Address =
    [
        "invalid_name", "invalid_line1", "invalid_line2", "invalid_city", "invalid_region", "invalid_postal_code", "invalid_country",
    ];

    private static readonly string[] Body =
    [
        "malformed_json", "body_too_deep", "wrong_type", "missing_member", "unknown_member", "duplicate_member", "invalid_value",
        "invalid_text", "too_long", "out_of_range", "malformed_request",
    ];

    /// <summary>All of an endpoint, by status.</summary>
    public static IReadOnlyList<ProblemsOf> Of(RouteEndpoint endpoint) => Of(
        endpoint.Metadata, endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? HttpMethods.Get,
        endpoint.RoutePattern.RawText!);

    /// <summary>All of an endpoint, by status.</summary>
    public static IReadOnlyList<ProblemsOf> Of(IEnumerable<object> metadata, string method, string path)
    {
        var endpoint = metadata.ToList();
        var open = endpoint.OfType<IAllowAnonymous>().Any();
        var changes = endpoint.OfType<Changes>().Any();
        var body = endpoint.OfType<IAcceptsMetadata>().Any() || (changes && HttpMethods.IsPost(method)); // "nothing" is read, too
        var writes = !HttpMethods.IsGet(method);
        var takes = endpoint.OfType<Takes>().SelectMany(t => t.Parameters).ToList();
        var unknown = endpoint.OfType<PathParameter>()
            .Where(p => p.Unknown is not null && path.Contains($"{{{p.Name}}}")).Select(p => p.Unknown!).ToList();
        var declared = endpoint.OfType<Refuses>().ToLookup(r => r.Status, r => r.Codes);
        IEnumerable<string> parameters = takes.Count == 0 ? [] : ["invalid_parameter", "duplicate_parameter"];
        IEnumerable<string> ranges = takes.Any(t => t.Name == "from") && takes.Any(t => t.Name == "to") ? ["reversed_range"] : [];
        IEnumerable<string> paging = takes.Contains(Query.Cursor) ? ["invalid_cursor"] : [];
        IEnumerable<string> headers =
            changes ? ["invalid_idempotency_key", "idempotency_key_required", "invalid_if_match"] : [];
        IEnumerable<string> events = path.EndsWith("/events", StringComparison.Ordinal) ? ["invalid_last_event_id"] : [];
        (bool Applies, int Status, string Meaning, IEnumerable<string> Codes)[] all =
        [
            (true, 400, "The request cannot be understood: its body, a header or a query parameter.",
                [.. body ? Body : [], .. events, .. paging, .. ranges, .. parameters, .. headers, "unknown_parameter"]),
            (!open, 401, "There are no credentials, or none that are valid.", ["unauthorized", "invalid_token"]),
            (!open, 403, "This caller may not.", ["insufficient_scope", .. writes ? ["cross_site"] : (string[])[]]),
            (unknown.Count > 0, 404, "There is no such thing.", unknown),
            (body, 408, "The body came too slowly.", ["request_timeout"]),
            (false, 409, "Its state does not allow it now.", []),
            (false, 410, "Its personal data was erased.", []),
            (changes, 412, "It has changed since you looked.", ["stale_version"]),
            (body, 413, $"The body is over {RequestBody.MaxBytes} bytes.", ["body_too_large"]),
            (body, 415, "The body is not JSON.", ["unsupported_media_type"]),
            (changes, 422, "It breaks a rule of the business, or the key was used for something else.", ["idempotency_key_reused"]),
            (!open, 429, "This caller has had its share for now. Send it again after Retry-After.", ["rate_limited"]),
            (!path.StartsWith("/health/", StringComparison.Ordinal), 503,
                "The database is away; nothing was done, or it is unknown. Repeat it after Retry-After with the same key.",
                ["temporarily_unavailable", "deadline_exceeded", .. changes ? ["outcome_unknown"] : (string[])[]]),
        ];
        return
        [
            .. all.Where(p => p.Applies || declared[p.Status].Any())
                .Select(p => (p.Status, p.Meaning, p.Codes, Own: declared[p.Status].SelectMany(c => c).Distinct().ToList()))
                .Select(p => new ProblemsOf(p.Status, p.Meaning, [.. p.Codes.Concat(p.Own).Distinct()], p.Own)),
        ];
    }
}

/// <summary>
/// Logs problems whose codes are explained nowhere, or are not listed by the document of their endpoint. They are answered all the same.
/// </summary>
internal sealed class RefusalWatch(ILogger<RefusalWatch> log)
{
    private readonly ConcurrentDictionary<string, byte> _seen = [];
    private readonly ConcurrentDictionary<Endpoint, IReadOnlyList<ProblemsOf>> _known = [];

    /// <summary>Those that were seen, each once: <c>placeOrder 422 no_such_code</c>.</summary>
    public IReadOnlyList<string> Undeclared => [.. _seen.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Checks the problem that is about to be answered.</summary>
    public void See(HttpContext http, Problem problem)
    {
        if (!ProblemCatalogue.Meanings.ContainsKey(problem.Code)) Note($"{problem.Code}, which has no page");
        if (problem.Status == StatusCodes.Status500InternalServerError || http.GetEndpoint() is not RouteEndpoint endpoint
            || endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is not { } name) return;
        var known = _known.GetOrAdd(endpoint, e => RefusalCodes.Of((RouteEndpoint)e));
        if (known.Any(k => k.Status == problem.Status && k.Codes.Contains(problem.Code))) return;
        Note($"{name} {problem.Status} {problem.Code}");
    }

    private void Note(string seen)
    {
        if (_seen.TryAdd(seen, 0)) log.LogError("The document does not list what was answered: {Problem}", seen);
    }
}
