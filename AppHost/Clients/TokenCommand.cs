using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce token</c>: an access token of the authorization server for development that runs with <c>up</c>.</summary>
internal static class TokenCommand
{
    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var verb = new CliCommand("token", "Prints an access token for the running ./commerce up, valid for a quarter of an hour.")
        {
            Remarks =
            [
                "Roles and what they may do are in docs/access.md. Roles of staff can be joined by commas.",
                "The token is for 'Authorization: Bearer'. Only who may read the data folder gets one.",
            ],
            Examples =
            [
                ("./commerce token --role operator", "for the operator's part"),
                ("./commerce token --role shopper --customer cus_ada", "as one customer"),
                ("./commerce token --role merchandiser,warehouse", "what both may do"),
                ("./commerce token --role partner --client market", "as another sales channel"),
            ],
        };
        var role = new Option<string>("--role") { HelpName = "ROLES", Description = "whose token it is", Required = true };
        var customer = new Option<string?>("--customer") { HelpName = "ID", Description = "the customer, for a shopper" };
        var subject = new Option<string?>("--subject") { HelpName = "NAME", Description = "who it is (default: developer)" };
        var client = new Option<string?>("--client") { HelpName = "NAME", Description = "the application; for a partner, its channel" };
        var data = RunningSession.DataOption(workspace);
        foreach (var option in new Option[] { role, customer, subject, client, data }) verb.Add(option);
        verb.SetAction(async (parsed, cancel) =>
        {
            var identity = await RunningSession.Identity(parsed.GetRequiredValue(data), cancel);
            screen.Line(await identity.Token(
                parsed.GetRequiredValue(role), parsed.GetValue(customer), parsed.GetValue(subject), parsed.GetValue(client), cancel));
            return 0;
        });
        return verb;
    }
}
