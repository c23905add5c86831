using Commerce.Engine;
using Commerce.Hosting;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>
/// What is recorded of requests (decision 29): acts whose scope says so, before they are done and before they are answered; staff's reads
/// of personal data; and refusals. An act that cannot be recorded is not done; a read that cannot is answered, with a warning in the log.
/// </summary>
internal sealed class Auditing(AuditTrail trail, RefusalSampling sampling, ILogger<Auditing> log)
{
    private const string Begun = "begun";

    /// <summary>The code of the problem that answers a request, for its entry.</summary>
    private static readonly object Slot = new();

    /// <summary>Part of the way of every request, after it is known who asks and what for.</summary>
    public static async Task Run(HttpContext http, RequestDelegate next)
    {
        if (NeededScope.Of(http.GetEndpoint()) is { } scope && AccessTable.Audits.TryGetValue(scope, out var kind))
        {
            var auditing = http.RequestServices.GetRequiredService<Auditing>();
            if (kind == AuditKind.Act) await auditing.Begin(http, EventOf(http));
            else if (CallerIdentity.Of(http.User).Reach.Kind == ReachKind.Everything) auditing.End(http, EventOf(http));
        }

        await next(http);
    }

    /// <summary>Records an act before it is done, and again before it is answered.</summary>
    /// <exception cref="UnavailableException">It cannot be recorded.</exception>
    public async Task Begin(HttpContext http, string happened)
    {
        await trail.Write(Entry(http, happened, Begun, null));
        End(http, happened);
    }

    /// <summary>Notes the problem that answers a request. A refusal for want of a right is recorded, or one in place of many.</summary>
    public static async Task See(HttpContext http, Problem problem)
    {
        http.Items[Slot] = problem.Code;
        if (problem.Status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden && Credentials.Of(http).Length > 0
            && http.RequestServices.GetService<Auditing>() is { } auditing) await auditing.Refuse(http, problem.Code);
    }

    private async Task Refuse(HttpContext http, string code)
    {
        if (sampling.Take() is { } times) await Note(Entry(http, EventOf(http), "refused", code) with { Times = times });
    }

    // Runs before the first byte of the answer is sent.
    private void End(HttpContext http, string happened) => http.Response.OnStarting(() => Note(Entry(
        http, happened, http.Response.StatusCode switch { < 400 => "done", < 500 => "refused", _ => "failed" },
        http.Items[Slot] as string)));

    private async Task Note(AuditEntry entry)
    {
        try
        {
            await trail.Write(entry);
        }
        catch (UnavailableException away)
        {
            log.LogWarning(away, "{Event} of {Caller} is not in the audit: {Outcome} ({Request})",
                entry.Event, entry.Caller, entry.Outcome, entry.Request);
        }
    }

    private static AuditEntry Entry(HttpContext http, string happened, string outcome, string? reason)
    {
        var caller = http.User.Identity is { IsAuthenticated: true } ? CallerIdentity.Of(http.User).Name : "none";
        var operation = RequestHeaders.IsIdempotencyKey(http.Request, out var key) ? ApiRequest.OperationOf(caller, key) : null;
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        var ids = string.Join('/', http.Request.RouteValues.Values);
        return new AuditEntry(
            happened, outcome, reason, 1, caller, http.Connection.RemoteIpAddress is { } address ? ClientAddress.NetworkOf(address) : null,
            $"{http.Request.Method} {route}", ids.Length == 0 ? null : Text.Shorten(ids), operation, RequestIds.Of(http));
    }

    private static string EventOf(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? "none";
}
