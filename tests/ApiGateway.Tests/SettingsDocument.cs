using System.Text;
using Commerce.Hosting;
using Microsoft.AspNetCore.Routing;

namespace Commerce.ApiGateway.Tests;

/// <summary><c>docs/settings.md</c>, written from the declarations of settings and permissions and from the endpoints.</summary>
internal static class SettingsDocument
{
    private const string Head = """
        # Settings and permissions

        Written by a test from the code; do not edit by hand.

        A setting is given as an environment variable, on the program's command line (`--Commerce:Prefix=shop`), or in
        `appsettings.json` in the folder that the program is started in. `./commerce up` passes to each of its processes those of its
        environment that are for that process: gateways' to the gateway, silos' to silos, `Logging__*`, `DOTNET_*` and `OTEL_*` to both.
        What it chooses itself (accounts, certificates, ports, the cluster's id) goes before that. A program refuses a name below
        `Commerce:` that is not in these tables, and every value that it cannot use, in one line, with exit code 4. Besides, ASP.NET
        Core's own settings hold, such as `ASPNETCORE_URLS` and `Logging__LogLevel__Default`.

        """;

    private const string Keys = """

        ## API keys

        Without a key, every caller may do everything, and the gateway serves its own machine only. With one key or more, a request
        needs `Authorization: Bearer KEY`; only `/health/live`, `/health/ready`, `/docs`, `/problems` and `/openapi/v1.json` are open
        to all. Each
        caller has a name, which is kept beside all that it does, one key and a list of permissions. Keys are read at the start.

        ```
        export Commerce__ApiKeys__shop__Key=$(openssl rand -hex 24)
        export Commerce__ApiKeys__shop__Permissions__0=catalogue:read
        export Commerce__ApiKeys__shop__Permissions__1=orders:read
        export Commerce__ApiKeys__shop__Permissions__2=orders:write
        ./commerce up
        ```

        The same in `appsettings.json`:

        ```json
        { "Commerce": { "ApiKeys": { "shop": { "Key": "…", "Permissions": ["catalogue:read", "orders:read", "orders:write"] } } } }
        ```

        `./commerce replay` and `./commerce rebuild` send the key that `--api-key` names (`@FILE`, or `-` for the standard input) or that
        of the environment variable `COMMERCE_API_KEY`. The
        replay needs all permissions but those of operations; with `operations:read` it waits until lists have caught up. The rebuild
        needs `operations:read` and `operations:write`. The commands that `up` prints take the key from `COMMERCE_API_KEY`, too.

        ## Permissions

        | Permission | Allows | Operations that need it |
        | --- | --- | --- |

        """;

    /// <summary>All of it.</summary>
    public static string Of(EndpointDataSource endpoints)
    {
        var text = new StringBuilder(Head);
        foreach (var (program, settings) in KnownSettings.All)
        {
            text.Append($"\n## {program}\n\n| Setting | Environment variable | Default | Meaning |\n| --- | --- | --- | --- |\n");
            foreach (var s in settings)
                text.Append($"| `{s.Key}` | `{Setting.Variable(s.Key)}` | {s.Usual} | {s.Meaning} |\n");
        }

        text.Append(Keys);
        var operations = Operations(endpoints);
        text.Append($"| `{ApiPermissions.Everything}` | Everything. | all |\n");
        foreach (var area in ApiPermissions.Areas)
        {
            var dashboard = area == ApiPermissions.Operations ? " `/dashboard`, too." : "";
            Row(ApiPermissions.Reads(area), $"Read in the area of {area}.{dashboard}");
            Row(ApiPermissions.Writes(area), $"Change things in the area of {area}.");
        }

        foreach (var permission in ApiPermissions.Special)
        {
            var needing = operations.Where(o => o.Refusals.Contains(permission.Refusal)).Select(o => o.Name);
            text.Append($"| `{permission.Name}` | {permission.Meaning} | {Listed(needing)}, where they do so |\n");
        }

        return text.ToString();

        void Row(string permission, string meaning) => text.Append(
            $"| `{permission}` | {meaning} | {Listed(operations.Where(o => o.Permission == permission).Select(o => o.Name))} |\n");
    }

    /// <summary>Each named operation, what it needs, and the codes with which it refuses for want of a permission.</summary>
    public static IReadOnlyList<(string Name, string Permission, IReadOnlyList<string> Refusals)> Operations(
        EndpointDataSource endpoints) =>
    [
        .. from endpoint in endpoints.Endpoints
           let name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
           where name is not null
           let area = AreaPermission.Of(endpoint)
           where area is not null
           let method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods[0]
           let refusals = endpoint.Metadata.OfType<Refuses>().Where(r => r.Status == 403).SelectMany(r => r.Codes).ToList()
           orderby name
           select (name, area.For(method), (IReadOnlyList<string>)refusals),
    ];

    private static string Listed(IEnumerable<string> operations)
    {
        var names = operations.Select(o => $"`{o}`").ToList();
        return names.Count == 0 ? "none yet" : string.Join(", ", names);
    }
}
