using System.Globalization;
using Commerce.Hosting;
using Commerce.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Commerce.ApiGateway;

/// <summary>An entry of the audit.</summary>
/// <param name="Number">Its place; there may be gaps.</param>
/// <param name="At">When it was written.</param>
/// <param name="Event">The operation that was wanted; <c>forgedCall</c>: what a silo refused of another process.</param>
/// <param name="Outcome"><c>begun</c>, <c>done</c>, <c>refused</c> or <c>failed</c>; an act has one entry before and one after.</param>
/// <param name="Reason">The code of the problem.</param>
/// <param name="Times">How many refusals it stands for.</param>
/// <param name="Caller">Who wanted it.</param>
/// <param name="Address">The network of its address.</param>
/// <param name="Route">The method and the pattern of the path; of a forged call, the method of the entity.</param>
/// <param name="Object">The ids in the path; of a forged call, the entity.</param>
/// <param name="Operation">The id that its facts have.</param>
/// <param name="RequestId">The request; of a forged call, the name of its sender in the cluster.</param>
internal sealed record AuditView(
    long Number, DateTimeOffset At, string Event, string Outcome, string? Reason, long Times, string Caller, string? Address, string Route,
    string? Object, string? Operation, string RequestId);

/// <summary>For the auditor and the operator.</summary>
internal sealed class AuditEndpoints : IEndpoints
{
    private static readonly Heading Heading =
        new("Audit", "Who did what that matters, who read what is personal, and who was refused.", "Operations");

    private static readonly QueryParameter<string> Event = Query.Words("event", "Only of this operation.");
    private static readonly QueryParameter<string> Caller = Query.Words("caller", "Only of this caller.");

    public static void Map(IEndpointRouteBuilder routes) => routes.Area(Heading).MapGet("/operations/audit", List)
        .Needs("audit:read")
        .As("listAudit", "Lists what was recorded of privileged acts, reads of personal data, refusals and forged calls, the latest first")
        .Paged(Event, Caller).Means(200, "A page of entries.");

    private static async Task<Ok<Page<AuditView>>> List(ApiRequest request, AuditDatabase audit)
    {
        var page = request.Page;
        var before = page.Cursor is { } cursor ? long.Parse(cursor, CultureInfo.InvariantCulture) : long.MaxValue;
        var found = await audit.Read(before, request.Get(Event), request.Get(Caller), page.Limit + 1, request.Cancel);
        var shown = found.Take(page.Limit).Select(Show).ToList();
        var next = found.Count > page.Limit ? shown[^1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return ApiResults.Page(request, new Page<AuditView>(shown, next));
    }

    private static AuditView Show(RecordedEntry recorded)
    {
        var entry = recorded.Entry;
        return new(
            recorded.Number, recorded.At, entry.Event, entry.Outcome, entry.Reason, entry.Times, entry.Caller, entry.Address, entry.Route,
            entry.Object, entry.Operation, entry.Request);
    }
}
