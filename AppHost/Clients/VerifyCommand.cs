using System.CommandLine;
using System.CommandLine.Parsing;

namespace Commerce.AppHost;

/// <summary><c>./commerce verify</c>: the product's own comparison of facts with their seals.</summary>
internal static class VerifyCommand
{
    private const string KeySetting = "Commerce__Keys__Seals";

    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var data = RunningSession.DataOption(workspace);
        var postgres = new Option<string?>("--postgres")
        {
            HelpName = "CONNECTION",
            Description = $"another server, with an account that reads all of its databases: {Secrets.Forms}",
        };
        var key = new Option<string?>("--key")
        {
            HelpName = "FILE", Description = $"the key of the seals, or its public part, as PEM (default: DIR/{SessionSecrets.SealsName})",
        };
        var verb = new CliCommand("verify", "Compares every fact with its seal, and finds what was changed, taken away or added.")
        {
            Remarks =
            [
                "Processes seal facts some seconds after they were committed. A fault is shown with its kind and place; nothing changes.",
                "Exit code 0: all is as it was sealed; 1: there are faults, or it could not be done; 3: the server cannot be used.",
            ],
            Examples =
            [
                ("./commerce verify", "the databases of the running ./commerce up"),
                ("./commerce verify --postgres @auditor.txt --key seals.pem", "others; the public key will do"),
            ],
        };
        foreach (var option in new Option[] { data, postgres, key }) verb.Add(option);
        verb.SetAction(async (parsed, cancel) =>
        {
            var folder = parsed.GetRequiredValue(data);
            var environment = Secrets.Connection("--postgres", parsed.GetValue(postgres)) is { } connection
                ? new Dictionary<string, string?> { [MigrateCommand.Setting] = connection }
                : (await RunningSession.Accounts(folder, cancel)).ToDictionary();
            environment[KeySetting] = parsed.GetValue(key) is { } file ? Path.GetFullPath(file)
                : Path.Combine(Path.GetFullPath(folder), SessionSecrets.SealsName);
            return await ClientProgram.Become("ApiGateway", ["verify"], workspace, screen, environment);
        });
        return verb;
    }
}
