using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Commerce.Bench;

/// <summary>On what, when and of which sources it was measured. The machine's name is nobody's business.</summary>
/// <param name="Cores">Processors that this process may use.</param>
/// <param name="MemoryBytes">Memory that there is.</param>
/// <param name="System">The operating system.</param>
/// <param name="Dotnet">The runtime.</param>
/// <param name="Postgres">Its version; null: no section needed one.</param>
/// <param name="At">When it began.</param>
/// <param name="Commit">Of the sources; null: they are no git checkout, or there is no git.</param>
/// <param name="Changed">Whether the sources differ from that commit; results do not count.</param>
internal sealed record Surroundings(
    int Cores, long MemoryBytes, string System, string Dotnet, string? Postgres, DateTimeOffset At, string? Commit, bool Changed)
{
    /// <summary>Looks around.</summary>
    public static Surroundings Of(string root, DateTimeOffset at)
    {
        var commit = Git(root, "rev-parse", "HEAD")?.Trim();
        var changes = commit is null ? null : Git(root, "status", "--porcelain", "--", ".", ":(exclude)bench/results");
        return new Surroundings(
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
            git.ErrorDataReceived += (_, _) => { }; // read, so that git never waits for a reader
            git.BeginErrorReadLine();
            var said = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? said : null;
        }
        catch (Win32Exception)
        {
            return null; // git is not installed
        }
    }
}
