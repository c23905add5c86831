using System.Text.Json;

namespace Commerce.AppHost;

/// <summary>One run of <c>./commerce up</c>: starts everything, keeps it running, and takes it all down again.</summary>
internal sealed class Session(Workspace workspace, Terminal screen, Session.Settings settings)
{
    /// <summary>For a person with <c>psql</c>, and for connections that are being closed.</summary>
    private const int ConnectionsBesides = 30;

    private readonly Build _build = new(workspace, screen);

    /// <summary>The caller's options; no silos means the single process.</summary>
    internal sealed record Settings(int Silos, string? Postgres, int Port, string Data, bool Json);

    /// <summary>Returns after a stop signal, when everything has stopped.</summary>
    public async Task<int> Run()
    {
        using var signals = new StopSignals();
        try
        {
            await Serve(signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            screen.Line("everything is stopped; started again, it finds all data");
        }

        return 0;
    }

    private async Task Serve(CancellationToken stop)
    {
        using var folder = DataFolder.Take(settings.Data);
        var port = Port.Free(settings.Port);
        var given = settings.Postgres is { } connection ? await SessionDatabase.Given(connection, screen, stop) : null;
        if (settings.Silos > 0) await _build.Project("Silo", folder.Program("silo"), stop);
        await _build.Project("ApiGateway", folder.Program("gateway"), stop);

        var connections = (settings.Silos + 1) * SharedServer.ConnectionsOfProcess + ConnectionsBesides;
        await using var database = given ?? await SessionDatabase.Private(folder.Postgres, connections, screen, stop);
        await using var processes = new SupervisedProcesses(folder, database, port, settings.Silos, screen);
        using var control = new ControlSocket(folder.Control);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var answering = control.Serve((word, say, cancel) => Answer(processes, word, say, cancel), ending.Token);
        try
        {
            await processes.Run(() => Announce(processes, database, folder, ending.Token), stop);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAny(answering);
        }
    }

    private static async Task Answer(SupervisedProcesses processes, string word, Func<string, Task> say, CancellationToken cancel)
    {
        if (word == RollCommand.Word)
            await processes.Roll(say, cancel);
        else if (word == StatusCommand.Word)
            foreach (var line in ProcessState.Table(await processes.States(cancel))) await say(line);
        else
            throw new CommandFailedException($"The running ./commerce up does not know '{word}': it is of another version.");
    }

    private async Task Announce(SupervisedProcesses processes, SessionDatabase database, DataFolder folder, CancellationToken cancel)
    {
        var url = processes.Gateway.Url;
        var states = await processes.States(cancel);
        if (settings.Json)
        {
            screen.Line(JsonSerializer.Serialize(new { url, processes = states }, JsonSerializerOptions.Web));
            return;
        }

        screen.Line();
        foreach (var line in ProcessState.Table(states)) screen.Line(line);
        screen.Line();
        screen.Line($"data:  {database.Where}");
        screen.Line($"logs:  {folder.Logs}");
        var silo = states.LastOrDefault(s => s.Name.StartsWith("silo-", StringComparison.Ordinal));
        if (silo is not null) screen.Line($"dashboard: {url}/dashboard");
        screen.Headline($"ready: {url}");
        screen.Line();
        foreach (var (meaning, command) in Tour.Of(url, DateTimeOffset.UtcNow))
        {
            screen.Note($"# {meaning}");
            screen.Line(command);
        }

        screen.Line();
        if (silo is not null)
        {
            screen.Note($"# now kill {silo.Name}: nothing is lost, the others take over, and it is started again");
            screen.Line($"kill -9 {silo.Pid}");
            screen.Line();
        }

        screen.Note($"The whole API: {url}/docs  All processes: ./commerce status  Ctrl-C stops everything.");
    }
}
