using System.Diagnostics;

namespace Commerce.Testing;

/// <summary>A program as a process of its own: one of ours, or a command as a user starts it. It has no terminal.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>Far longer than anything takes on a busy machine; only a test that would hang for ever meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly bool _hasChildren;
    private readonly List<(bool Error, string Text)> _lines = [];

    private RunningProgram(ProcessStartInfo start, bool hasChildren)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        (_process, _hasChildren) = (new Process { StartInfo = start }, hasChildren);
        _process.OutputDataReceived += (_, line) => Note(false, line.Data);
        _process.ErrorDataReceived += (_, line) => Note(true, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>All it has said so far, each line ended.</summary>
    public string Output => Said(_ => true);

    /// <summary>Its standard output so far.</summary>
    public string StandardOutput => Said(error => !error);

    /// <summary>Its standard error so far.</summary>
    public string Errors => Said(error => error);

    /// <summary>
    /// Starts the program in <paramref name="dll"/>. It never outlives the test: its standard input ends with this process.
    /// </summary>
    public static RunningProgram Start(string dll, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["COMMERCE_STOP_WITH_STDIN"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new RunningProgram(start, hasChildren: false);
    }

    /// <summary>Starts a command that may start others; it is stopped when the test is over, and stops them.</summary>
    public static RunningProgram StartCommand(
        string command, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(command, arguments) { WorkingDirectory = folder };
        start.Environment.Remove("COMMERCE_ROOT"); // of the ./commerce test that runs this
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        return new RunningProgram(start, hasChildren: true);
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Exit, string Output)> ToEnd(
        string command, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var running = StartCommand(command, arguments, folder, environment);
        return (await running.Exit(), running.Output);
    }

    /// <summary>Waits until it is so.</summary>
    public static async Task Eventually(Func<bool> condition)
    {
        for (var since = Stopwatch.StartNew(); !condition(); await Task.Delay(50))
            if (since.Elapsed > Patience) throw new TimeoutException("What was waited for did not happen.");
    }

    /// <summary>The rest of the first line that begins with <paramref name="start"/>, as soon as there is one.</summary>
    public async Task<string> Line(string start)
    {
        string? line = null;
        await Eventually(() =>
        {
            var ended = HasExited;
            lock (_lines) line = _lines.Select(l => l.Text).FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal));
            return line is not null || ended;
        });
        return line?[start.Length..].Trim() ?? throw new InvalidOperationException($"No line '{start}…' in\n{Output}");
    }

    /// <summary>Sends it a signal.</summary>
    public void Signal(int signal) => Signals.Send(Pid, signal);

    /// <summary>Ends it without warning, as <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        if (!HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Sends SIGTERM and waits for the end; gives its exit code.</summary>
    public async Task<int> Stop()
    {
        if (!HasExited) Signals.TrySend(Pid, Signals.Sigterm);
        return await Exit();
    }

    /// <summary>Waits for its end and all of its output; gives its exit code.</summary>
    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_hasChildren) await Kill();
        else if (!HasExited) await Stop(); // of one that was killed, children may still be stopping, and speaking
        _process.Dispose();
        if (!_hasChildren && PersonalWords.In(Output) is { } line)
            throw new InvalidOperationException($"What a program says names no person (decision 23), and this one said: {line}");
    }

    private string Said(Func<bool, bool> where)
    {
        lock (_lines) return string.Concat(_lines.Where(l => where(l.Error)).Select(l => $"{l.Text}\n"));
    }

    private void Note(bool error, string? line)
    {
        if (line is null) return;
        lock (_lines) _lines.Add((error, line));
    }
}
