using System.Diagnostics;
using System.Net;
using System.Threading.Channels;

namespace Commerce.AppHost;

/// <summary>A child process that is kept running: restarted when it dies, and gracefully on request.</summary>
internal abstract class SupervisedProcess(string name, string program, LogFile log, Terminal screen) : IAsyncDisposable
{
    /// <summary>The exit code of our programs for a port that is in use.</summary>
    private const int PortInUse = 2;
    private const int MostMoves = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Channel<TaskCompletionSource> _restarts = Channel.CreateUnbounded<TaskCompletionSource>();
    private ChildProcess? _child;
    private int _launched;
    private (string Word, DateTimeOffset Since) _state = ("starting", DateTimeOffset.UtcNow);

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Where it can be reached, for a person.</summary>
    protected abstract string Address { get; }

    /// <summary>The health endpoint; it succeeds while the process is ready.</summary>
    protected abstract string Health { get; }

    /// <summary>Those of this process's environment variables that it may see.</summary>
    protected abstract IReadOnlyDictionary<string, string?> Inherited { get; }

    /// <summary>Its accounts of PostgreSQL, and with what it shows the others what it is; made anew for each start.</summary>
    protected abstract IReadOnlyDictionary<string, string?> Secrets { get; }

    /// <summary>The environment variables that are its own.</summary>
    protected abstract IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>The current state, from its health endpoint.</summary>
    public async Task<ProcessState> State(CancellationToken cancel)
    {
        var (word, since) = _state;
        if (word == "ready" && !await SaysReady(cancel)) word = "not ready";
        var child = _child;
        var pid = child is null || child.Exited.IsCompleted ? null : (int?)child.Id;
        return new ProcessState(name, word, pid, Address, Math.Max(0, _launched - 1), since);
    }

    /// <summary>Starts it and returns when it is ready to serve.</summary>
    public async Task Start(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            Launch();
            if (await BecomesReady(cancel)) return;
            var exit = await _child!.Exited;
            // The port was free a moment ago: another program took it.
            if (exit != PortInUse || attempt == MostMoves || !Move())
                throw new CommandFailedException(
                    $"{name} ended before it was ready (exit code {exit}). Its last lines:\n{log.TakeTail()}\nAll of them: {log.Path}");
            await _child.DisposeAsync();
            _launched = 0;
        }
    }

    /// <summary>Restarts it when it ends, after a backoff that grows while it does not last; and on request.</summary>
    public async Task KeepRunning(CancellationToken cancel)
    {
        var backoff = new RestartBackoff();
        for (var since = Stopwatch.StartNew(); ; since.Restart())
        {
            var asked = _restarts.Reader.WaitToReadAsync(cancel).AsTask();
            var dead = await Task.WhenAny(_child!.Exited, asked).WaitAsync(cancel) == _child.Exited;
            cancel.ThrowIfCancellationRequested();
            if (since.Elapsed > Steady) backoff.Reset();
            if (dead) await Bury(await _child.Exited, backoff.Next(), cancel);
            else await Finish(cancel);

            await _child.DisposeAsync();
            Launch();
            var ready = await BecomesReady(cancel);
            if (ready) screen.Line($"{name} is ready again (pid {_child.Id})");
            // Restart requests that arrived during this restart are already satisfied.
            while (_restarts.Reader.TryRead(out var request))
                if (ready) request.SetResult();
                else request.SetException(new CommandFailedException($"{name} did not get ready again; its log is {log.Path}"));
        }
    }

    /// <summary>Restarts it gracefully; returns when it is ready.</summary>
    public Task Restart(CancellationToken cancel)
    {
        var request = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _restarts.Writer.TryWrite(request);
        return request.Task.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
        {
            if (!_child.Exited.IsCompleted) screen.Line(await Stop() ? $"stopped {name}" : Ended());
            await _child.DisposeAsync();
        }

        _http.Dispose();
        log.Dispose();
    }

    /// <summary>Finds other ports where its own are taken; false when they must not change.</summary>
    protected virtual bool Move() => false;

    protected void Say(string line) => screen.Line(line);

    /// <summary>The status of the answer to a GET; null while it does not listen yet, or is too busy to answer.</summary>
    private async Task<HttpStatusCode?> Status(string url, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync(url, cancel);
            return response.StatusCode;
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task Bury(int exit, TimeSpan wait, CancellationToken cancel)
    {
        Is("down");
        screen.Problem(
            $"{name} ended unexpectedly (exit code {exit}); starting it again in {wait.TotalSeconds:0} s. Its last lines:\n"
            + $"{log.TakeTail()}\nAll of them: {log.Path}");
        await Task.Delay(wait, cancel);
        Move();
    }

    private async Task Finish(CancellationToken cancel)
    {
        screen.Line($"{name} is asked to finish and to start again");
        if (!await Stop()) screen.Problem(Ended());
        cancel.ThrowIfCancellationRequested();
        Move();
    }

    private Task<bool> Stop()
    {
        Is("stopping");
        return _child!.Stop(Patience);
    }

    private string Ended() => $"{name} had not finished after {Patience.TotalSeconds:0} s and was ended";

    private void Is(string word) => _state = (word, DateTimeOffset.UtcNow);

    /// <summary>Its standard input is closed with this process: a child of ours stops when that ends.</summary>
    private void Launch()
    {
        Is("starting");
        _launched++;
        var environment = new Dictionary<string, string?>(Inherited);
        foreach (var (variable, value) in Secrets.Concat(Settings)) environment[variable] = value;
        environment["COMMERCE_STOP_WITH_STDIN"] = "1";
        // Of the user's other programs; here our own settings decide.
        foreach (var variable in new[] { "ASPNETCORE_URLS", "DOTNET_URLS" }) environment.Remove(variable);
        _child = ChildProcess.StartApart(Workspace.Dotnet, [program], Path.GetDirectoryName(program)!, log.Add, environment);
    }

    /// <summary>True once its health endpoint succeeds; false when it has ended instead.</summary>
    private async Task<bool> BecomesReady(CancellationToken cancel)
    {
        while (!_child!.Exited.IsCompleted)
        {
            if (await SaysReady(cancel))
            {
                Is("ready");
                return true;
            }

            await Task.WhenAny(_child.Exited, Task.Delay(100, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        return false;
    }

    private async Task<bool> SaysReady(CancellationToken cancel) => await Status(Health, cancel) == HttpStatusCode.OK;
}
