using System.CommandLine;

namespace Commerce.AppHost;

/// <summary><c>./commerce up</c> as it is typed.</summary>
internal static class UpCommand
{
    private const int MostSilos = 16;

    /// <summary>The command with its options.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var silos = new Option<int>("--silos")
        {
            HelpName = "N", Description = $"how many silos the cluster has, 1 to {MostSilos}",
            DefaultValueFactory = _ => 3, CustomParser = given => Values.Number(given, 1, MostSilos, "'{0}' silos cannot be started"),
        };
        var single = new Option<bool>("--single") { Description = "no cluster: one process serves everything, on the same data" };
        var postgres = new Option<string?>("--postgres")
        {
            HelpName = "CONNECTION",
            Description = $"use this PostgreSQL: an Npgsql connection string, or where one is: {Secrets.Forms}; without it a private one "
                + "is started",
        };
        var port = new Option<int>("--port")
        {
            HelpName = "PORT", Description = "serve on 127.0.0.1:PORT; 0 takes any free port",
            DefaultValueFactory = _ => 8080, CustomParser = given => Values.Number(given, 0, 65535, "'{0}' is not a port"),
        };
        var data = new Option<string>("--data")
        {
            HelpName = "DIR", Description = "keep the database files, the logs and the running program here",
            DefaultValueFactory = _ => workspace.Data,
        };
        var json = new Option<bool>("--json")
        {
            Description = "when everything is ready, say the address and the processes in one line of JSON, for programs",
        };
        var verb = new CliCommand(
            "up", "Builds and starts everything, and stops it on Ctrl-C or SIGTERM. Started again, it finds all data.")
        {
            Remarks =
            [
                "The databases are made when missing: one for each capability, as commerce_orders, commerce_cluster and commerce_audit.",
                "On a private PostgreSQL each process has accounts of its own; with --postgres all have the one that is given.",
                "The private PostgreSQL's files are in DIR/postgres; what the processes say is in DIR/logs: gateway.log, silo-1.log, ...",
                "A process that dies is started again. ./commerce status shows how each one is; ./commerce roll restarts the silos.",
            ],
            Examples =
            [
                ("./commerce up", "a cluster of three silos and the gateway, on http://127.0.0.1:8080"),
                ("./commerce up --silos 5", "a larger one"),
                ("./commerce up --single", "the same in one process"),
                ("./commerce up --port 9000 --data /tmp/shop", "a second one beside it, with data of its own"),
                ("./commerce up --postgres @connection.txt", "with a PostgreSQL that runs already; the file holds its connection string"),
            ],
        };
        foreach (var option in new Option[] { silos, single, postgres, port, data, json }) verb.Add(option);
        verb.Validators.Add(parsed =>
        {
            if (parsed.GetValue(single) && parsed.GetResult(silos) is { Implicit: false })
                parsed.AddError("--single and --silos exclude each other: the single process has no silos.");
        });
        verb.SetAction(parsed => new Session(workspace, screen, new Session.Settings(
            parsed.GetValue(single) ? 0 : parsed.GetValue(silos), Secrets.Connection("--postgres", parsed.GetValue(postgres)),
            parsed.GetValue(port), parsed.GetRequiredValue(data), parsed.GetValue(json))).Run());
        return verb;
    }
}
