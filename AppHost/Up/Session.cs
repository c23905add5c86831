namespace Commerce.AppHost.Up;

/// <summary>One run of <c>./commerce up</c>: starts everything, keeps it running, and takes it all down again.</summary>
internal sealed class Session(Workspace workspace, Screen screen, Session.Settings settings)
{
    /// <summary>What the caller asked for.</summary>
    internal sealed record Settings(bool Single, string? Postgres, int Port, string Data);

    /// <summary>Returns when it was told to stop and all is stopped.</summary>
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
        if (!settings.Single)
            screen.Note("The Orleans cluster is not part of this version yet: one process serves everything, as with --single.");
        using var folder = DataFolder.Take(settings.Data);
        var port = Port.Free(settings.Port);
        var given = settings.Postgres is { } connection ? await Database.Given(connection, screen, stop) : null;
        await new Build(workspace, screen).Project("ApiGateway", folder.GatewayProgram, stop);

        await using var database = given ?? await Database.Private(folder.Postgres, screen, stop);
        using var log = new LogFile(folder.GatewayLog);
        await using var gateway = new Gateway(folder.GatewayProgram, database, port, log, screen);
        // Whatever ends first, signal or failure, ends the others; only then are the gateway and after it the database stopped.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var kept = new[] { Serve(gateway, database, log, ending.Token), database.KeepRunning(ending.Token) };
        var first = await Task.WhenAny(kept);
        await ending.CancelAsync();
        await Task.WhenAny(Task.WhenAll(kept));
        await first;
    }

    private async Task Serve(Gateway gateway, Database database, LogFile log, CancellationToken cancel)
    {
        await gateway.Start(cancel);
        screen.Line($"data:  {database.Where}");
        screen.Line($"log:   {log.Path}");
        screen.Headline($"ready: {gateway.Url}");
        screen.Line();
        foreach (var (meaning, command) in Tour.Of(gateway.Url, DateTimeOffset.UtcNow))
        {
            screen.Note($"# {meaning}");
            screen.Line(command);
        }

        screen.Line();
        screen.Note($"The whole API: {gateway.Url}/docs  Ctrl-C stops everything.");
        await gateway.KeepRunning(cancel);
    }
}
