using System.Net;
using System.Net.Sockets;

namespace Commerce.Testing;

/// <summary>One of our servers as a process, which can be killed and started again at its address.</summary>
/// <param name="program">The program's file.</param>
/// <param name="health">Where it says whether it is ready, below <c>/health/ready</c>.</param>
/// <param name="options">What follows that on its command line.</param>
public sealed class ServingProgram(
    string name, string program, Uri health, IReadOnlyDictionary<string, string> environment, params string[] options) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private RunningProgram? _running;

    /// <summary>The program's file; another one for a rolling upgrade.</summary>
    public string Program { get; set; } = program;

    /// <summary>All that its present process has said.</summary>
    public string Output => _running?.Output ?? "";

    /// <summary>The standard error of its present process.</summary>
    public string Errors => _running?.Errors ?? "";

    /// <summary>Starts it; wait for <see cref="Ready"/> before using it.</summary>
    public void Launch() => _running = RunningProgram.Start(
        Program, TestCredentials.InDevelopment(environment), options);

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task Ready()
    {
        for (var end = DateTime.UtcNow + Patience; !await IsReady(); await Task.Delay(100))
        {
            if (_running!.HasExited) throw new InvalidOperationException($"{name} ended before it was ready. It said:\n{Tail()}");
            if (DateTime.UtcNow > end)
                throw new TimeoutException($"{name} was not ready after {Patience.TotalMinutes} minutes. It said:\n{Tail()}");
        }
    }

    /// <summary>Ends it without warning, as <c>kill -9</c> does.</summary>
    public Task Kill() => _running!.Kill();

    /// <summary>Sends SIGTERM, for a graceful stop.</summary>
    public void Terminate() => _running!.Signal(Signals.Sigterm);

    /// <summary>Waits for its end and all of its output; gives its exit code.</summary>
    public Task<int> Exit() => _running!.Exit();

    /// <summary>Stops it in good order.</summary>
    public async Task Stop()
    {
        if (await _running!.Stop() != 0) throw new InvalidOperationException($"{name} did not end in good order. It said:\n{Tail()}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_running is not null) await _running.DisposeAsync();
    }

    /// <summary>
    /// Free ports, below those that the system gives to outgoing connections, one of which could take the port of a process that is being
    /// restarted.
    /// </summary>
    public static int[] FreePorts(int count)
    {
        var found = new List<int>();
        for (var port = Random.Shared.Next(12_000, 28_000); found.Count < count; port++)
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                found.Add(port);
            }
            catch (SocketException)
            {
                continue; // of another process
            }
        }

        return [.. found];
    }

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(health, "/health/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private string Tail() => string.Join('\n', Output.Split('\n').TakeLast(20));
}
