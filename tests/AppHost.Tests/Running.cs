using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Commerce.AppHost.Tests;

/// <summary>A command as a user starts it: a process of its own, without a terminal.</summary>
internal sealed class Running : IAsyncDisposable
{
    public const int Sigkill = 9;
    public const int Sigterm = 15;

    /// <summary>Far longer than anything takes on a busy machine; only a test that would hang for ever meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Lock _oneAtATime = new();

    private Running(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>All it has said so far.</summary>
    public string Output
    {
        get { lock (_oneAtATime) return _output.ToString(); }
    }

    public static Running Start(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Remove("COMMERCE_ROOT"); // of the ./commerce test that runs this
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var running = new Running(Process.Start(start)!);
        running._process.OutputDataReceived += (_, line) => running.Add(line.Data);
        running._process.ErrorDataReceived += (_, line) => running.Add(line.Data);
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int Exit, string Output)> ToEnd(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var running = Start(program, arguments, folder, environment);
        return (await running.Exit(), running.Output);
    }

    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>The rest of the first line that begins with <paramref name="start"/>.</summary>
    public async Task<string> Line(string start)
    {
        var line = "";
        await Eventually(() =>
        {
            line = Output.Split('\n')[..^1].FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) ?? "";
            return line.Length > 0 || _process.HasExited;
        });
        return line.Length > 0 ? line[start.Length..].Trim() : throw new InvalidOperationException($"No line '{start}…' in\n{Output}");
    }

    public void Signal(int signal) => Assert0(Kill(Pid, signal));

    /// <summary>Waits until it is so.</summary>
    public static async Task Eventually(Func<bool> condition)
    {
        for (var since = Stopwatch.StartNew(); !condition(); await Task.Delay(50))
            if (since.Elapsed > Patience) throw new TimeoutException("What was waited for did not happen.");
    }

    public static void SignalTo(int pid, int signal) => Assert0(Kill(pid, signal));

    /// <summary>Whether a process still runs; one that only waits for its parent to take note of its end does not.</summary>
    public static bool Alive(int pid) => Status(pid) is { } status && !status.Contains("State:\tZ", StringComparison.Ordinal);

    /// <summary>The processes that this one has started and that still run, with their command lines.</summary>
    public IReadOnlyList<(int Pid, string Command)> Children() =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(folder), out _)
           let pid = int.Parse(Path.GetFileName(folder))
           where Alive(pid) && Status(pid)!.Contains($"PPid:\t{Pid}\n", StringComparison.Ordinal)
           select (pid, CommandLine(pid)),
    ];

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Sigterm);
            await Exit();
        }

        _process.Dispose();
    }

    private static string? Status(int pid) => Read($"/proc/{pid}/status");

    private static string CommandLine(int pid) => Read($"/proc/{pid}/cmdline")?.Replace('\0', ' ') ?? "";

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null; // the process has just gone
        }
    }

    private static void Assert0(int result)
    {
        if (result != 0) throw new InvalidOperationException("No such process.");
    }

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_oneAtATime) _output.Append(line).Append('\n');
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
