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
        return text.ToString();
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
