using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce replay</c>: the Replay program with this command's arguments.</summary>
internal static class ReplayCommand
{
    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen, IReadOnlyList<string> arguments)
    {
        var verb = new CliCommand(
            "replay", "Pushes a retailer's real orders through the API of a running gateway, and reconciles to the penny.")
        {
            Remarks =
            [
                "Interrupted and run again, it continues without doubling anything.",
                "Exit code 0 only if what the API says afterwards is what the file says.",
            ],
            Examples =
            [
                ("./commerce replay orders-2010-12.csv.gz", "against the gateway of ./commerce up"),
                ("./commerce replay orders-2010-12.csv.gz --json", "the last line is the result as one JSON object"),
                ("./commerce replay orders-2010-12.csv.gz --gateway http://127.0.0.1:9000", "against another gateway"),
            ],
        };
        verb.Add(new Argument<string>("FILE") { Description = "rows of the Online Retail data set: .csv or .csv.gz" });
        verb.Add(GatewayOption.Create());
        verb.Add(new Option<string?>("--api-key")
        {
            HelpName = "KEY", Description = "the key to send, where the gateway asks for one (or COMMERCE_API_KEY)",
        });
        verb.Add(new Option<int>("--concurrency") { HelpName = "N", Description = "requests under way at once, 1 to 256 (default: 32)" });
        verb.Add(new Option<bool>("--json") { Description = "end with the result as one line of JSON" });
        verb.SetAction(_ => ClientProgram.Become("Replay", arguments, workspace, screen));
        return verb;
    }
}
