using System.Diagnostics;

namespace Commerce.Bench;

/// <summary>One process of a subject. It never outlives the bench.</summary>
internal sealed class ServiceProcess : IAsyncDisposable
{
    private const int Remembered = 20;

    // The one that runs this program, unless this has a starter of its own, as a test program has.
    internal static readonly string Dotnet = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet"
        ? own
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly Process _process;
    private readonly Queue<string> _said = new();
    private readonly string _name;
    private readonly Uri _health;

    private ServiceProcess(string name, Process process, Uri health) => (_name, _process, _health) = (name, process, health);

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the program in <paramref name="dll"/>; <see cref="Ready"/> tells when it serves.</summary>
    public static ServiceProcess Start(string name, string dll, IReadOnlyDictionary<string, string> settings, Uri health)
    {
        var start = new ProcessStartInfo(Dotnet, [dll])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(dll),
        };
        foreach (var (key, value) in settings) start.Environment[key] = value;
        start.Environment["COMMERCE_STOP_WITH_STDIN"] = "1";
        var started = new ServiceProcess(name, new Process { StartInfo = start }, health);
        started._process.OutputDataReceived += (_, line) => started.Note(line.Data);
        started._process.ErrorDataReceived += (_, line) => started.Note(line.Data);
        started._process.Start();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits until it says that it is ready.</summary>
    /// <exception cref="BenchException">It ended, or took too long.</exception>
    public async Task Ready(TimeSpan patience, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var since = Stopwatch.StartNew(); since.Elapsed < patience; await Task.Delay(25, cancel))
        {
            if (_process.HasExited) throw new BenchException($"{_name} ended before it was ready. It said:\n{Tail()}");
            try
            {
                using var answer = await http.GetAsync(_health, cancel);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // not yet
            }
        }

        throw new BenchException($"{_name} was not ready within {patience.TotalMinutes} minutes. It said:\n{Tail()}");
    }

    /// <summary>Asks it to finish what it does and to go; true when it went in time.</summary>
    public async Task<bool> Stop(TimeSpan patience)
    {
        _process.StandardInput.Close(); // see COMMERCE_STOP_WITH_STDIN
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(patience));
        return _process.HasExited;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_said)
        {
            _said.Enqueue(line);
            if (_said.Count > Remembered) _said.Dequeue();
        }
    }

    private string Tail()
    {
        lock (_said) return string.Join('\n', _said.Select(l => $"  {l}"));
    }
}
