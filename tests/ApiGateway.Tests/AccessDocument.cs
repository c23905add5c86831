using System.Globalization;
using System.Text;
using Commerce.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Commerce.ApiGateway.Tests;

/// <summary><c>docs/access.md</c>, written from <c>access.json</c> and from the endpoints.</summary>
internal static class AccessDocument
{
    private const string Head = """
        # Who may do what

        Written by a test from `Hosting/Access/access.json` and from the endpoints; do not edit by hand.

        A caller has **scopes**, which say what it may do, and a **reach**, which says whose things it sees. Roles are named sets of scopes
        with a reach; tokens and API keys name roles. A token has the scopes that both it and its roles list. What is out of reach is
        answered as if it were not there (404); what a caller sees and may not do is refused (403).

        ## Roles

        | Role | Who | Reach |
        | --- | --- | --- |

        """;

    private const string LimitsHead = """

        ## Limits

        Requests are counted by caller, in every gateway for itself: **read** is everything but lists, **list** is lists, searches and
        reports, **write** is changes, **place** is orders and payments, **refused** is changes that the business refused. A visitor has no
        credentials, where the catalogue is open, and is counted by address; a **shopper** is a customer, a guest or a guest's link;
        an **import** may import; a **client** is all other staff, devices and partners. **wrong-credentials** are counted by address.
        `Commerce:Limits:{name}:PerMinute` and `:Burst` change them. Beyond them a request is answered 429 with `Retry-After`; a repeat
        that has its answer gets it all the same. `RateLimit-Policy` and `RateLimit` say on each answer how much is left.

        | Limit | A minute | At once |
        | --- | ---: | ---: |

        """;

    private const string HeldHead = """

        How many live streams a caller may have at a time, and for how many requests it may wait by `Prefer`; further ones are answered at
        once.

        | Caller | Streams | Waits |
        | --- | ---: | ---: |

        """;

    private static readonly IReadOnlyDictionary<string, string> Reaches = new Dictionary<string, string>
    {
        ["everything"] = "everything", ["nothing"] = "nothing that has an owner", ["customer"] = "the customer of its token",
        ["order"] = "the order of its link", ["channel"] = "what came by it",
    };

    /// <summary>All of it.</summary>
    public static string Write(EndpointDataSource endpoints)
    {
        var text = new StringBuilder(Head);
        foreach (var (name, role) in AccessTable.Roles)
            text.Append($"| {name} | {role.About} | {Reaches[Kernel.EnumWords.Of(role.Reach)]} |\n");
        text.Append("\n## Operations\n\n| Operation | Scope |");
        foreach (var name in AccessTable.Roles.Keys) text.Append($" {name} |");
        text.Append("\n| --- | --- |").Append(string.Concat(Enumerable.Repeat(" --- |", AccessTable.Roles.Count))).Append('\n');
        foreach (var (operation, scope) in Operations(endpoints))
        {
            text.Append($"| {operation} | {scope ?? "none"} |");
            foreach (var role in AccessTable.Roles.Values) text.Append(scope is null || role.Scopes.Contains(scope) ? " yes |" : " – |");
            text.Append('\n');
        }

        text.Append("\n## Scopes\n\n| Scope | Allows | In the audit |\n| --- | --- | --- |\n");
        foreach (var (scope, meaning) in AccessTable.Scopes) text.Append($"| {scope} | {meaning} | {Recorded(scope)} |\n");
        WriteLimits(text);
        return text.ToString();
    }

    private static void WriteLimits(StringBuilder text)
    {
        text.Append(LimitsHead);
        foreach (var (name, rate) in RateTable.Usual)
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {rate.PerMinute:#,##0} | {rate.Burst:#,##0} |\n");
        text.Append(HeldHead);
        foreach (var caller in Enum.GetValues<CallerClass>())
            text.Append($"| {Kernel.EnumWords.Of(caller)} | {HeldRequests.StreamsOf(caller)} | {HeldRequests.WaitsOf(caller)} |\n");
    }

    private static string Recorded(string scope) => !AccessTable.Audits.TryGetValue(scope, out var kind) ? ""
        : kind == AuditKind.Act ? "each act, before it is done and before it is answered" : "each read by staff";

    /// <summary>Each named operation and the scope that it needs; null: it is open to all.</summary>
    public static IReadOnlyList<(string Name, string? Scope)> Operations(EndpointDataSource endpoints) =>
    [
        .. from endpoint in endpoints.Endpoints
           let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
           where name is not null
           orderby name
           select (name, NeededScope.Of(endpoint)),
    ];
}
