using System.Net.Sockets;
using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ApiGateway;

/// <summary>The one place where refusals, failures and empty error answers become problems.</summary>
internal static class Problems
{
    /// <summary>What a refusal of the business is in HTTP.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="replayed">True when it was given before, to the first request with the key: it may be so no more.</param>
    public static Problem Of(Refusal refusal, bool replayed = false) => new(
        refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Stale => StatusCodes.Status412PreconditionFailed,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.Gone => StatusCodes.Status410Gone,
            RefusalKind.TooOften => StatusCodes.Status429TooManyRequests,
            _ => throw new InvalidOperationException($"The refusal kind {refusal.Kind} has no status."),
        },
        refusal.Code, refusal.Detail,
        replayed
            ? $"{refusal.Remedy} This was the answer to the first request with this key: send a new key to ask again."
            : refusal.Remedy,
        refusal.Field, Values: refusal.Values);

    /// <summary>True for a request that changes nothing, so that it may simply be sent again.</summary>
    public static bool IsReading(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    /// <summary>What a failure is in HTTP; the details of an unexpected one stay in the log.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="reading">True when the request changes nothing: then its remedy does not speak of idempotency keys.</param>
    public static Problem Of(Exception failure, bool reading = false) => failure switch
    {
        ProblemException expected => expected.Problem,
        BadCursorException bad => Problem.Of(new Fault(
            "cursor", "invalid_cursor", bad.Message,
            "Use 'next' of the page before as it is, with the same filters; or begin without a cursor.")),
        OutcomeUnknownException unknown => Away(
            "outcome_unknown", unknown.Message,
            "It may have been done. Repeat it with the same Idempotency-Key: that does it at most once.", unknown.RetryAfter),
        DeadlineExceededException late => Away(
            "deadline_exceeded", late.Message, reading ? "Try again." : "Repeat it with the same Idempotency-Key.", late.RetryAfter),
        UnavailableException away => Away(
            "temporarily_unavailable", away.Message,
            reading ? "Try again." : "Nothing was done. Repeat it with the same Idempotency-Key.", away.RetryAfter),
        NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: IOException or SocketException } => Away(
            "temporarily_unavailable", "The database cannot be reached at the moment.", "Try again.", TimeSpan.FromSeconds(2)),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new Problem(
            StatusCodes.Status408RequestTimeout, "request_timeout", "The body came too slowly.", "Send it again on a better connection."),
        BadHttpRequestException bad => new Problem(
            bad.StatusCode, "malformed_request", "The request is not proper HTTP.", "Look at how the client frames its body."),
        _ => new Problem(
            StatusCodes.Status500InternalServerError, "internal_error", "Something broke that should not have.",
            "Tell the operator the requestId; the log has the rest."
            + (reading ? "" : " Repeating with the same Idempotency-Key is safe.")),
    };

    /// <summary>What Kestrel refuses before a request begins.</summary>
    public static Problem OfServer(BadHttpRequestException refusal, int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => new Problem(
            status, "request_timeout", "The headers came too slowly.", "Send it again on a better connection."),
        StatusCodes.Status414UriTooLong or StatusCodes.Status431RequestHeaderFieldsTooLarge => new Problem(
            status, "malformed_request", refusal.Message, "Send a shorter URL and fewer or shorter headers."),
        // It names the value only where its own log does.
        _ => new Problem(
            status, "malformed_request", $"{Text.Shorten(refusal.Message.Replace(": ''", "").TrimEnd('.'))}.",
            "Look at how the client writes the request's head."),
    };

    /// <summary>What an error status without a body means here: nothing was routed to, or not with that method.</summary>
    public static Problem? Of(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => new Problem(
            404, "not_found", $"There is nothing at '{Text.Shorten(http.Request.Path)}'.", "See /docs for what there is."),
        StatusCodes.Status405MethodNotAllowed => new Problem(
            405, "method_not_allowed", $"{http.Request.Method} is not possible at '{Text.Shorten(http.Request.Path)}'.",
            $"Possible are: {http.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => WrongMediaType(http.Request.ContentType),
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        >= 400 and var status => new Problem(status, "malformed_request", "The request could not be served.", "See /docs."),
        _ => null,
    };

    /// <summary>A body in a format that is not read here.</summary>
    public static Problem WrongMediaType(string? found) => new(
        StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type",
        string.IsNullOrEmpty(found) ? "The body has no Content-Type." : $"'{Text.Shorten(found)}' is not read here.",
        "Send JSON in UTF-8 with 'Content-Type: application/json' and no Content-Encoding.", "Content-Type");

    /// <summary>There is no such thing, or its name cannot be one.</summary>
    public static ProblemException Unknown(string kind, string key, string? remedy = null) => new(Of(Refusals.Unknown(
        kind, Text.Shorten(key), remedy ?? Refusals.CheckTheId)));

    /// <summary>A value that the business does not accept, found by the gateway.</summary>
    public static ProblemException Invalid(string code, string field, string detail, string remedy) =>
        new(Of(Refusals.Invalid(code, field, detail, remedy)));

    private static Problem TooLarge => new(
        StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body is over {RequestBody.MaxBytes} bytes.",
        "Send less at once; an order of 2,000 lines fits.");

    private static Problem Away(string code, string detail, string remedy, TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, code, detail, remedy, RetryAfter: retryAfter);
}
