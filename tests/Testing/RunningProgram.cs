using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Commerce.Testing;

/// <summary>One of our programs as a process of its own. It never outlives the test: its standard input ends with this process.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private const int Sigterm = 15;

    /// <summary>Far longer than anything takes on a busy machine; only a test that would hang for ever meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>All it has said so far, standard output and errors.</summary>
    public string Output
    {
        get { lock (_lines) return string.Join('\n', _lines); }
    }

    /// <summary>Starts the program in <paramref name="dll"/>.</summary>
    public static RunningProgram Start(string dll, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["COMMERCE_STOP_WITH_STDIN"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new RunningProgram(new Process { StartInfo = start });
    }

    /// <summary>Ends it without warning, as <c>kill -9</c> does.</summary>
    public async Task Kill()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop and waits until it has; gives its exit code.</summary>
    public async Task<int> Stop()
    {
        if (!_process.HasExited) _ = Signal(_process.Id, Sigterm);
        return await Exit();
    }

    /// <summary>Waits for its end; gives its exit code.</summary>
    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kill();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_lines) _lines.Add(line);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int pid, int signal);
}
