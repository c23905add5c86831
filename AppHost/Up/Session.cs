using System.Text.Json;

namespace Commerce.AppHost;

/// <summary>One run of <c>./commerce up</c>: starts everything, keeps it running, and takes it all down again.</summary>
internal sealed class Session(Workspace workspace, Terminal screen, Session.Settings settings)
{
    /// <summary>For a person with <c>psql</c>, and for connections that are being closed.</summary>
    private const int ConnectionsBesides = 30;

    private readonly Build _build = new(workspace, screen);

    /// <summary>The caller's options; no silos means the single process.</summary>
    internal sealed record Settings(int Silos, string? Postgres, int Port, string Data, bool Json)
    {
        /// <summary>Without the connection string, which may hold a password.</summary>
        public override string ToString() => $"{Silos} silos, port {Port}, data in {Data}";
    }

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
        Port.Free(settings.Port); // one that is taken is said before anything is built
        using var authority = folder.Authority();
        await using var database = await Prepare(folder, authority, stop);
        var accounts = await SessionAccounts.Of(folder, database, folder.Program("gateway"), screen, stop);
        var port = Port.Free(settings.Port);
        await using var processes = new SupervisedProcesses(
            folder, database, accounts, authority, folder.Secrets(), port, settings.Silos, screen);
        using var control = new ControlSocket(folder.Control);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var answering = control.Serve((word, say, cancel) => Answer(processes, database, word, say, cancel), ending.Token);
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

    /// <summary>Builds the programs, and beside that has the private PostgreSQL make its files and start.</summary>
    private async Task<SessionDatabase> Prepare(DataFolder folder, CertificateAuthority authority, CancellationToken stop)
    {
        List<Installed> programs =
            [new("ApiGateway", folder.Program("gateway")), new("Identity", folder.Program(IdentityServer.Word))];
        if (settings.Silos > 0) programs.Insert(0, new("Silo", folder.Program("silo")));
        if (settings.Postgres is { } connection)
        {
            var given = await SessionDatabase.Given(connection, screen, stop);
            await _build.Programs(programs, stop);
            return given;
        }

        var connections = (settings.Silos + 1) * SharedServer.ConnectionsOfProcess + ConnectionsBesides;
        var current = programs.All(p => _build.IsCurrent(p.Project));
        var what = current ? "starting a private PostgreSQL" : $"building {Build.Names(programs)}, and starting a private PostgreSQL";
        return await screen.During(what, async progress =>
        {
            using var failed = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var server = SessionDatabase.Private(folder.Postgres, connections, authority, screen, progress, failed.Token);
            var building = _build.Programs(programs, progress, failed.Token);
            try
            {
                // What fails first ends the other one.
                await foreach (var done in Task.WhenEach(server, building)) await done;
                return await server;
            }
            catch
            {
                await failed.CancelAsync();
                await Task.WhenAny(Task.WhenAll(server, building));
                if (server.IsCompletedSuccessfully) await server.Result.DisposeAsync();
                throw;
            }
        });
    }

    private static async Task Answer(
        SupervisedProcesses processes, SessionDatabase database, string word, Func<string, Task> say, CancellationToken cancel)
    {
        switch (word)
        {
            case RollCommand.Word:
                await processes.Roll(say, cancel);
                break;
            case StatusCommand.Word:
                foreach (var line in ProcessState.Table(await processes.States(cancel))) await say(line);
                break;
            case RunningSession.IdentityWord:
                await say(processes.Identity.TokenUrl);
                break;
            case RunningSession.ServerWord:
                await say(database.ServerAlone ?? throw new CommandFailedException(
                    "The running ./commerce up uses a PostgreSQL that it was given. Name it here, too: --postgres CONNECTION"));
                break;
            case RunningSession.AddressWord:
                var gateway = await processes.Gateway.State(cancel);
                await say(gateway.State == "ready" ? gateway.Address : throw new CommandFailedException(
                    $"The gateway of the running ./commerce up is {gateway.State}. Try again when ./commerce status shows it as ready."));
                break;
            default:
                throw new CommandFailedException($"The running ./commerce up does not know '{word}': it is of another version.");
        }
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
        foreach (var (meaning, command) in Tour.Of(url, workspace.Token(settings.Data), DateTimeOffset.UtcNow))
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
