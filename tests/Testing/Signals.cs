using System.Runtime.InteropServices;

namespace Commerce.Testing;

/// <summary>Processes by their id, and what an operator does to them.</summary>
public static class Signals
{
    /// <summary>Ends it without warning.</summary>
    public const int Sigkill = 9;

    /// <summary>Requests a graceful stop.</summary>
    public const int Sigterm = 15;

    /// <summary>Sends a signal to a process, which must be there.</summary>
    public static void Send(int pid, int signal)
    {
        if (!TrySend(pid, signal)) throw new InvalidOperationException($"There is no process {pid}.");
    }

    /// <summary>Sends a signal to a process; false when there is none.</summary>
    public static bool TrySend(int pid, int signal) => Kill(pid, signal) == 0;

    /// <summary>True while a process runs; false for a zombie.</summary>
    public static bool Alive(int pid) => Status(pid) is { } status && !status.Contains("State:\tZ", StringComparison.Ordinal);

    /// <summary>The processes that a process has started and that still run, with their command lines.</summary>
    public static IReadOnlyList<(int Pid, string Command)> Children(this RunningProgram program) =>
    [
        .. from folder in Directory.EnumerateDirectories("/proc")
           where int.TryParse(Path.GetFileName(folder), out _)
           let pid = int.Parse(Path.GetFileName(folder))
           where Alive(pid) && Status(pid)?.Contains($"PPid:\t{program.Pid}\n", StringComparison.Ordinal) is true
           select (pid, Read($"/proc/{pid}/cmdline")?.Replace('\0', ' ') ?? ""),
    ];

    private static string? Status(int pid) => Read($"/proc/{pid}/status");

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

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
