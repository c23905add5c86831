using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Commerce.AppHost.Up;

/// <summary><c>./commerce up</c> as it is typed.</summary>
internal static class UpCommand
{
    /// <summary>The command with its options.</summary>
    public static Verb Create(Workspace workspace, Screen screen)
    {
        var single = new Option<bool>("--single") { Description = "one process without Orleans (so far there is no other way to run)" };
        var postgres = new Option<string?>("--postgres")
        {
            HelpName = "CONNECTION", Description = "use this PostgreSQL (an Npgsql connection string); without it a private one is started",
        };
        var port = new Option<int>("--port")
        {
            HelpName = "PORT", Description = "serve on 127.0.0.1:PORT; 0 takes any free port (default: 8080)",
            DefaultValueFactory = _ => 8080, CustomParser = ParsePort,
        };
        var data = new Option<string>("--data")
        {
            HelpName = "DIR", Description = "keep the database files, the logs and the running program here (default: .data)",
            DefaultValueFactory = _ => workspace.Data,
        };
        var verb = new Verb("up", "Builds and starts everything, and stops it on Ctrl-C or SIGTERM. Started again, it finds all data.")
        {
            Remarks =
            [
                "The databases are made when missing: commerce_customers, _catalogue, _inventory, _orders and _payments.",
                "The private PostgreSQL's files are in DIR/postgres, the gateway's log is DIR/logs/gateway.log.",
            ],
            Examples =
            [
                ("./commerce up --single", "everything, on http://127.0.0.1:8080"),
                ("./commerce up --single --port 9000 --data /tmp/shop", "a second one beside it, with data of its own"),
                ("./commerce up --single --postgres 'Host=db;Username=app;Password=…'", "with a PostgreSQL that runs already"),
            ],
        };
        foreach (var option in new Option[] { single, postgres, port, data }) verb.Add(option);
        verb.SetAction(parsed => new Session(workspace, screen, new Session.Settings(
            parsed.GetValue(single), parsed.GetValue(postgres), parsed.GetValue(port), parsed.GetRequiredValue(data))).Run());
        return verb;
    }

    private static int ParsePort(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535) return port;
        argument.AddError($"'{text}' is not a port. Give a number from 0 to 65535: --port 8080");
        return 0;
    }
}
