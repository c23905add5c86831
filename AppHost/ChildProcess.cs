using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Commerce.AppHost;

/// <summary>A program that this one started. It is never left behind: disposing ends it.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int Sigterm = 15;

    /// <summary>Linux's <c>setsid</c>: gives a program a session of its own, and is that program from then on.</summary>
    private static readonly string? Setsid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    private readonly Process _process;

    private ChildProcess(Process process)
    {
        _process = process;
        Exited = WaitForExit();
    }

    public int Id => _process.Id;

    /// <summary>Completes with its exit code once it has gone and all its output was read.</summary>
    public Task<int> Exited { get; }

    /// <summary>
    /// Starts a program and passes its output line by line to <paramref name="output"/>. Its standard input stays open until this process
    /// ends, even by a kill, so that a child that watches it notices.
    /// </summary>
    /// <param name="environment">All its environment variables (<see cref="ChildEnvironment"/>).</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, string folder, Action<string> output,
        IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        var process = Launch(start, environment);
        process.OutputDataReceived += (_, line) => { if (line.Data is not null) output(line.Data); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) output(line.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ChildProcess(process);
    }

    /// <summary>
    /// The same, apart from this process's terminal: Ctrl-C reaches only this process, which then stops its children in order.
    /// </summary>
    public static ChildProcess StartApart(
        string program, IEnumerable<string> arguments, string folder, Action<string> output,
        IReadOnlyDictionary<string, string?> environment) =>
        Setsid is null ? Start(program, arguments, folder, output, environment)
            : Start(Setsid, arguments.Prepend(program), folder, output, environment);

    /// <summary>
    /// Runs a program in this one's place: same terminal, same folder, same environment but for the given variables; signals reach it; the
    /// exit code is its own.
    /// </summary>
    public static async Task<int> Become(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        await using var child = new ChildProcess(Launch(new ProcessStartInfo(program, arguments), environment));
        // Ctrl-C at a terminal goes to both processes; this one only has to outlive the other.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, s => s.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s => { s.Cancel = true; child.Terminate(); });
        return await child.Exited;
    }

    /// <summary>Its exit code. Cancellation ends the process.</summary>
    public async Task<int> Exit(CancellationToken cancel)
    {
        try
        {
            return await Exited.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Sends SIGTERM, for a graceful stop.</summary>
    public void Terminate()
    {
        if (!Exited.IsCompleted) _ = Kill(_process.Id, Sigterm);
    }

    /// <summary>Sends SIGTERM, and kills the process when it has not ended in time. True when it ended by itself.</summary>
    public async Task<bool> Stop(TimeSpan patience)
    {
        Terminate();
        var finished = await Task.WhenAny(Exited, Task.Delay(patience)) == Exited;
        if (!finished) _process.Kill(entireProcessTree: true);
        await Exited;
        return finished;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Exited.IsCompleted) _process.Kill(entireProcessTree: true);
        await Exited;
        _process.Dispose();
    }

    private static Process Launch(ProcessStartInfo start, IReadOnlyDictionary<string, string?>? environment)
    {
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new CommandFailedException($"'{start.FileName}' cannot be started: {problem.Message}");
        }
    }

    private async Task<int> WaitForExit()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
