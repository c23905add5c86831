using System.CommandLine;
using System.Globalization;

namespace Commerce.AppHost;

/// <summary><c>./commerce replay</c>: the Replay program against the running gateway.</summary>
internal static class ReplayCommand
{
    private const int MostAtOnce = 256;

    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var verb = new CliCommand(
            "replay", "Pushes a month of orders through the API of the running gateway, and reconciles to the penny.")
        {
            Remarks =
            [
                "Interrupted and run again, it continues without doubling anything. docs/replay.md explains the form of a file,",
                "and where a retailer's real month comes from.",
                "Exit code 0 only if what the API says afterwards is what the file says.",
            ],
            Examples =
            [
                ("./commerce replay", "the sample month, against the gateway of ./commerce up"),
                ("./commerce replay --save sample.csv", "only write the sample month to a file"),
                ("./commerce replay orders-2010-12.csv.gz", "a month of one's own"),
                ("./commerce replay --json", "the last line is the result as one JSON object"),
                ("./commerce replay --gateway http://127.0.0.1:9000", "against another gateway"),
            ],
        };
        var file = new Argument<string?>("FILE")
        {
            Description = "rows in the form of the Online Retail data set: .csv or .csv.gz (default: the sample month)",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var save = new Option<string?>("--save") { HelpName = "FILE", Description = "only write the sample month to a new file" };
        var concurrency = new Option<int?>("--concurrency")
        {
            HelpName = "N", Description = $"requests under way at once, 1 to {MostAtOnce} (default: 32)",
            CustomParser = given => Values.Number(given, 1, MostAtOnce, "--concurrency is not '{0}'"),
        };
        var json = new Option<bool>("--json") { Description = "end with the result as one line of JSON" };
        verb.Add(file);
        var gateway = GatewayOptions.AddTo(verb, workspace);
        foreach (var option in new Option[] { concurrency, json, save }) verb.Add(option);
        verb.SetAction(async (parsed, cancel) =>
        {
            List<string> arguments = [];
            var credentials = new Dictionary<string, string?>();
            if (parsed.GetValue(save) is { } target) arguments = ["--save", target];
            else
            {
                if (parsed.GetValue(file) is { } path) arguments.Add(path);
                arguments.AddRange(["--gateway", await gateway.Url(parsed, cancel)]);
                credentials = (await gateway.Credentials(parsed, "importer", cancel)).ToDictionary();
                if (parsed.GetValue(concurrency) is { } n)
                    arguments.AddRange(["--concurrency", n.ToString(CultureInfo.InvariantCulture)]);
                if (parsed.GetValue(json)) arguments.Add("--json");
            }

            // By the environment: other users of the machine see arguments.
            return await ClientProgram.Become("Replay", arguments, workspace, screen, credentials);
        });
        return verb;
    }
}
