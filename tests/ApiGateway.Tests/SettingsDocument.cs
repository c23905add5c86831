using System.Text;
using Commerce.Hosting;

namespace Commerce.ApiGateway.Tests;

/// <summary><c>docs/settings.md</c>, written from the declarations of settings.</summary>
internal static class SettingsDocument
{
    private const string Head = """
        # Settings

        Written by a test from the code; do not edit by hand.

        A setting is given as an environment variable, on the program's command line (`--Commerce:Prefix=shop`), or in
        `appsettings.json` in the folder that the program is started in. `./commerce up` passes to each of its processes those of its
        environment that are for that process: gateways' to the gateway, silos' to silos, `Logging__*`, `DOTNET_*` and `OTEL_*` to both.
        What it chooses itself (accounts, certificates, ports, the cluster's id) goes before that. A program refuses a name below
        `Commerce:` that is not in these tables, and every value that it cannot use, in one line, with exit code 4. Besides, ASP.NET
        Core's own settings hold, such as `ASPNETCORE_URLS` and `Logging__LogLevel__Default`.

        """;

    private const string Keys = """

        ## Credentials

        Every request needs `Authorization: Bearer` with an access token of an issuer above, or an API key; only `/health/live`,
        `/health/ready`, `/docs`, `/problems` and `/openapi/v1.json` are open to all, and products where `Commerce:PublicCatalogue` says
        so. `docs/access.md` shows which role may do what. Machines get keys that end by `POST /api-keys` (decision 28). The keys of the
        configuration, for a first operator, are read at the start; each caller has a name, which is kept beside all that it does.

        ```
        export Commerce__ApiKeys__shop__Key=$(openssl rand -hex 24)
        export Commerce__ApiKeys__shop__Roles__0=partner
        ./commerce up
        ```

        The same in `appsettings.json`:

        ```json
        { "Commerce": { "ApiKeys": { "shop": { "Hash": "…", "Roles": ["partner"] } } } }
        ```

        """;

    /// <summary>All of it.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Head);
        foreach (var (program, settings) in KnownSettings.All)
        {
            text.Append($"\n## {program}\n\n| Setting | Environment variable | Default | Meaning |\n| --- | --- | --- | --- |\n");
            foreach (var s in settings)
                text.Append($"| `{s.Key}` | `{Setting.Variable(s.Key)}` | {s.Usual} | {s.Meaning} |\n");
        }

        return text.Append(Keys).ToString();
    }
}
