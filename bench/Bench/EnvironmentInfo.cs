using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Commerce.Bench;

/// <summary>Machine, time and sources of a run. The machine's name and folders are left out on purpose.</summary>
/// <param name="Cores">Processors that this process may use.</param>
/// <param name="MemoryBytes">Memory of the machine.</param>
/// <param name="System">Operating system.</param>
/// <param name="Dotnet">Runtime.</param>
/// <param name="Postgres">Version of PostgreSQL; null: no section used it.</param>
/// <param name="At">Start of the run.</param>
/// <param name="Commit">Commit of the sources; null: there is no git here.</param>
/// <param name="Changed">Whether the sources differ from that commit; committed results do not count.</param>
internal sealed record EnvironmentInfo(
    int Cores, long MemoryBytes, string System, string Dotnet, string? Postgres, DateTimeOffset At, string? Commit, bool Changed)
{
    public static EnvironmentInfo Read(string root, DateTimeOffset at)
    {
        var commit = Git(root, "rev-parse", "HEAD")?.Trim();
        var changes = commit is null ? null : Git(root, "status", "--porcelain", "--", ".", ":(exclude)bench/results");
        return new EnvironmentInfo(
            Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})", RuntimeInformation.FrameworkDescription, null, at,
            commit, !string.IsNullOrWhiteSpace(changes));
    }

    private static string? Git(string root, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { }; // read, so that git does not wait for a reader
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null; // git is not installed
        }
    }
}
