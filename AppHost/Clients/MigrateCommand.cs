using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce migrate</c>: the product's own migration, with an account that may change databases.</summary>
internal static class MigrateCommand
{
    /// <summary>The environment variable of the connection string.</summary>
    public const string Setting = "Commerce__Postgres";

    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var postgres = new Option<string?>("--postgres")
        {
            HelpName = "CONNECTION",
            Description = $"the server, with an account that may make databases and roles: {Secrets.Forms} (or the variable {Setting})",
        };
        var accounts = new Option<string?>("--accounts")
        {
            HelpName = "DIR", Description = "give each role a new password, and write DIR/silo.env, gateway.env and single.env",
        };
        var verb = new CliCommand("migrate", "Makes the databases of a server and their roles, or brings them up to date.")
        {
            Remarks =
            [
                "./commerce up does it by itself. In production it runs before a new version does, with an account that no other process",
                "has. Without --accounts, passwords stay as they are: a role that is new has none, and cannot be used before it has.",
                "Exit code 0: done; 3: the server cannot be used; 4: a setting cannot.",
            ],
            Examples =
            [
                ("./commerce migrate --postgres @owner.txt", "the file holds Host=db;Username=migrator;Password=…;Database=postgres"),
                ("./commerce migrate --postgres @owner.txt --accounts secrets", "the first time, or to change all passwords"),
            ],
        };
        foreach (var option in new Option[] { postgres, accounts }) verb.Add(option);
        verb.SetAction(async (parsed, _) =>
        {
            var connection = Secrets.Connection("--postgres", parsed.GetValue(postgres)) ?? Environment.GetEnvironmentVariable(Setting)
                ?? throw new CommandFailedException($"Say which server: --postgres {Secrets.Forms}, or in the variable {Setting}.");
            string[] arguments = parsed.GetValue(accounts) is { } folder ? ["--accounts", Path.GetFullPath(folder)] : [];
            return await ClientProgram.Become(
                "ApiGateway", ["migrate", .. arguments], workspace, screen, new Dictionary<string, string?> { [Setting] = connection });
        });
        return verb;
    }
}
