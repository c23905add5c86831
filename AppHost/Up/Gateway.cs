using System.Diagnostics;
using System.Globalization;

namespace Commerce.AppHost.Up;

/// <summary>The gateway as a child process, which is kept running.</summary>
internal sealed class Gateway(string program, Database database, int port, LogFile log, Screen screen) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private Child? _child;

    /// <summary>Where it serves.</summary>
    public string Url => $"http://127.0.0.1:{port}";

    /// <summary>Starts it and returns when it is ready to serve.</summary>
    public async Task Start(CancellationToken cancel)
    {
        Launch();
        await screen.During("starting the gateway", async _ => await Ready(cancel) ? true : throw new Failure(
            $"The gateway ended before it was ready (exit code {await _child!.Exited}). Its last lines:\n{log.TakeTail()}\n"
            + $"All of them: {log.Path}"));
    }

    /// <summary>Starts it again whenever it goes, after a wait that grows while it does not last.</summary>
    public async Task KeepRunning(CancellationToken cancel)
    {
        var backoff = new Backoff();
        for (var since = Stopwatch.StartNew(); ; since.Restart())
        {
            var exit = await _child!.Exited.WaitAsync(cancel);
            if (since.Elapsed > Steady) backoff.Reset();
            var wait = backoff.Next();
            screen.Problem(
                $"The gateway ended unexpectedly (exit code {exit}). Its last lines:\n{log.TakeTail()}\n"
                + $"All of them: {log.Path}\nStarting it again in {wait.TotalSeconds:0} s.");
            await Task.Delay(wait, cancel);
            await _child.DisposeAsync();
            Launch();
            if (await Ready(cancel)) screen.Line($"the gateway is running again (pid {_child.Id}): {Url}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_child is null) return;
        if (_child.Exited.IsCompleted)
        {
            await _child.DisposeAsync();
            return;
        }

        var finished = await _child.Stop(Patience);
        await _child.DisposeAsync();
        screen.Line(finished ? "stopped the gateway" : $"the gateway had not finished after {Patience.TotalSeconds:0} s and was ended");
    }

    /// <summary>Its standard input is this process's to close: see ParentWatch in the gateway.</summary>
    private void Launch() => _child = Child.Start(
        Workspace.Dotnet, [Path.Combine(program, Workspace.ProgramOf("ApiGateway"))], program, log.Add, new Dictionary<string, string?>
        {
            ["Commerce__Postgres"] = database.Connection,
            ["Commerce__Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["COMMERCE_STOP_WITH_STDIN"] = "1",
            ["ASPNETCORE_URLS"] = null, // of the user's other programs; here the port decides
            ["DOTNET_URLS"] = null,
            ["URLS"] = null,
        });

    /// <summary>True once it says that it is ready; false when it has ended instead.</summary>
    private async Task<bool> Ready(CancellationToken cancel)
    {
        while (!_child!.Exited.IsCompleted)
        {
            if (await SaysReady(cancel)) return true;
            await Task.WhenAny(_child.Exited, Task.Delay(100, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        return false;
    }

    private async Task<bool> SaysReady(CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync($"{Url}/health/ready", cancel);
            return response.IsSuccessStatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return false; // not listening yet, or too busy to say so
        }
    }
}
