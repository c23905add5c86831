using System.Diagnostics;

namespace Commerce.Bench;

/// <summary>
/// A program that the bench starts and that answers in one line: with its address, or with its result. Our own programs stop when their
/// standard input ends, and so they do not outlive a bench that is killed.
/// </summary>
internal sealed class ChildProgram : IAsyncDisposable
{
    private const int TailLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _tail = new();
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _name;
    private readonly string _prefix;

    private ChildProgram(string name, string prefix, Process process) => (_name, _prefix, _process) = (name, prefix, process);

    /// <summary>The <c>dotnet</c> that runs this process; a test program has a host of its own.</summary>
    public static string Dotnet { get; } = Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet"
        ? own
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="prefix">How the line begins that is its answer.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Added to this process's own.</param>
    /// <param name="folder">Its working directory; null: this process's own.</param>
    public static ChildProgram Start(
        string name, string prefix, IReadOnlyList<string> command, IEnumerable<KeyValuePair<string, string>> environment,
        string? folder = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "",
        };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        start.Environment["COMMERCE_STOP_WITH_STDIN"] = "1";
        var child = new ChildProgram(name, prefix, new Process { StartInfo = start });
        child._process.OutputDataReceived += (_, line) => child.Note(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Note(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        _ = child.WatchExit();
        return child;
    }

    /// <summary>Its answer, without the prefix if that is a word with a colon.</summary>
    /// <exception cref="BenchException">It ended without an answer, or took too long.</exception>
    public async Task<string> Answer(TimeSpan patience, CancellationToken cancel)
    {
        try
        {
            var line = await _answer.Task.WaitAsync(patience, cancel);
            return _prefix.EndsWith(": ", StringComparison.Ordinal) ? line[_prefix.Length..] : line;
        }
        catch (TimeoutException)
        {
            throw new BenchException($"{_name} gave no answer within {patience.TotalSeconds:0} s. Its last lines:\n{Tail()}");
        }
    }

    /// <summary>Asks it to finish; true when it does so in time.</summary>
    public async Task<bool> Stop(TimeSpan patience)
    {
        _process.StandardInput.Close();
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(patience));
        return _process.HasExited;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WatchExit()
    {
        await _process.WaitForExitAsync();
        if (!_answer.Task.IsCompleted)
            _answer.TrySetException(
                new BenchException($"{_name} ended without an answer (exit code {_process.ExitCode}). Its last lines:\n{Tail()}"));
        _ = _answer.Task.Exception; // observed, because a program that is disposed of early has no reader
    }

    private void Note(string? line)
    {
        if (line is null) return;
        if (line.StartsWith(_prefix, StringComparison.Ordinal)) _answer.TrySetResult(line);
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines) _tail.Dequeue();
        }
    }

    private string Tail()
    {
        lock (_tail) return string.Join('\n', _tail.Select(l => $"  {l}"));
    }
}
