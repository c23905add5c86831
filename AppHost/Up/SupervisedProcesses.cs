using System.Collections.Concurrent;
using System.Globalization;

namespace Commerce.AppHost;

/// <summary>
/// All processes of one run: the database, the silos, the gateway, each of which needs those before it; and the authorization server, which
/// needs none.
/// </summary>
internal sealed class SupervisedProcesses : IAsyncDisposable
{
    private readonly Ports _ports;
    private readonly SessionDatabase _database;
    private readonly Terminal _screen;
    private readonly IReadOnlyList<SiloProcess> _silos;
    private readonly SemaphoreSlim _rolling = new(1);

    /// <summary>Prepares them; nothing is started yet.</summary>
    public SupervisedProcesses(
        DataFolder folder, SessionDatabase database, SessionAccounts accounts, CertificateAuthority authority, SessionSecrets secrets,
        int port, int silos, Terminal screen)
    {
        (_database, _screen) = (database, screen);
        // A new name for each start, so that entries of a killed cluster in the membership table mean nothing.
        var now = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var cluster = $"up-{now}-{Guid.NewGuid().ToString("N")[..6]}";
        _ports = new Ports(port);
        _silos =
        [
            .. Enumerable.Range(1, silos).Select(n => $"silo-{n}").Select(
                name => new SiloProcess(
                    name, folder.Program("silo"), accounts, authority, folder.Keys, secrets.SealsFile, cluster, silos, _ports,
                    folder.Log(name), screen)),
        ];
        Identity = new IdentityServer(
            folder.Program(IdentityServer.Word), secrets, _ports, folder.Log(IdentityServer.Word), screen);
        Gateway = new Gateway(
            folder.Program("gateway"), accounts, authority, secrets, Identity, folder.Keys, silos == 0 ? null : cluster, silos, port,
            folder.Log("gateway"), screen);
    }

    public Gateway Gateway { get; }

    public IdentityServer Identity { get; }

    /// <summary>
    /// Starts all and keeps them running until cancelled. <paramref name="ready"/> is called once, when the gateway serves.
    /// </summary>
    public async Task Run(Func<Task> ready, CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var kept = new ConcurrentBag<Task>();
        Task[] ends = [_database.KeepRunning(ending.Token), StartAll(ready, kept, ending.Token)];
        try
        {
            await await Task.WhenAny(ends);
        }
        finally
        {
            // Restarting ends before the first process is stopped.
            await ending.CancelAsync();
            await Task.WhenAny(Task.WhenAll([.. ends, .. kept]));
        }
    }

    /// <summary>How each of them is.</summary>
    public async Task<IReadOnlyList<ProcessState>> States(CancellationToken cancel)
    {
        var states = await Task.WhenAll(_silos.Append<SupervisedProcess>(Identity).Append(Gateway).Select(p => p.State(cancel)));
        return _database.State is { } own ? [.. states, own] : states;
    }

    /// <summary>
    /// Restarts every silo, one by one, each gracefully and only when the previous one and the gateway are ready again. Clients of the API
    /// notice nothing.
    /// </summary>
    public async Task Roll(Func<string, Task> progress, CancellationToken cancel)
    {
        if (_silos.Count == 0) throw new CommandFailedException(
            "There are no silos: this is the single process, which cannot be restarted bit by bit.");
        if (!await _rolling.WaitAsync(0, cancel)) throw new CommandFailedException("The silos are being restarted already.");
        try
        {
            if (_silos.Count == 1) await progress("there is only one silo: requests wait until it is back");
            foreach (var silo in _silos)
            {
                await progress($"{silo.Name} is asked to finish and to start again ...");
                await silo.Restart(cancel);
                while ((await Gateway.State(cancel)).State != "ready") await Task.Delay(200, cancel);
                await progress($"{silo.Name} is ready again (pid {(await silo.State(cancel)).Pid})");
            }
        }
        finally
        {
            _rolling.Release();
        }
    }

    /// <summary>Stops the gateway, which finishes what it has begun, then the silos; the database is its owner's.</summary>
    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Task.WhenAll(_silos.Append<SupervisedProcess>(Identity).Select(s => s.DisposeAsync().AsTask()));
        _ports.Dispose();
    }

    /// <summary>Each is supervised from the moment it is ready: one that dies while the next ones start comes back too.</summary>
    private async Task StartAll(Func<Task> ready, ConcurrentBag<Task> kept, CancellationToken cancel)
    {
        async Task<bool> Start(params IEnumerable<SupervisedProcess> processes)
        {
            async Task Keep(SupervisedProcess process)
            {
                await process.Start(cancel);
                kept.Add(process.KeepRunning(cancel));
            }

            var starting = processes.Select(Keep).ToList();
            starting.ForEach(kept.Add);
            // A process that cannot start ends the start at once, even while others are still starting.
            await foreach (var started in Task.WhenEach(starting)) await started;
            return true;
        }

        // The first that is started may still move to another port, and the gateway gets its address.
        if (_silos.Count > 0)
            await _screen.During(
                $"starting {_silos.Count} silo{(_silos.Count > 1 ? "s" : "")}", _ => Start([Identity, .. _silos]));
        else await _screen.During("starting the authorization server", _ => Start(Identity));
        await _screen.During("starting the gateway", _ => Start(Gateway));
        await ready();
        // None of them ends by itself: a process that cannot be kept running any more ends the session.
        await foreach (var one in Task.WhenEach(kept)) await one;
    }
}
