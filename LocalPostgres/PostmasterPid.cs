using System.Diagnostics;

namespace Commerce.LocalPostgres;

/// <summary>What a server says of itself in <c>postmaster.pid</c>; the format is PostgreSQL's (pidfile.h).</summary>
internal sealed record PostmasterPid(int Pid, int? Port, string Status)
{
    public bool Ready => Status == "ready";

    public static PostmasterPid? Read(DataDirectory cluster)
    {
        try
        {
            var lines = File.ReadAllLines(PathOf(cluster));
            if (lines.Length == 0 || !int.TryParse(lines[0], out var pid)) return null;
            int? port = lines.Length > 3 && int.TryParse(lines[3], out var number) ? number : null;
            return new(pid, port, lines.Length > 7 ? lines[7].Trim() : "");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Sees to it that no server runs on these files. One that is just stopping is waited for; a file left by a crash whose process id
    /// now belongs to some other program is removed, because PostgreSQL would mistake that program for itself.
    /// </summary>
    public static async Task EnsureNone(DataDirectory cluster, IProgress<string>? progress, CancellationToken cancel)
    {
        for (var wait = 0; Read(cluster) is { } other; wait++)
        {
            if (!IsServer(other.Pid))
            {
                progress?.Report("The server was not stopped cleanly the last time; it will recover by itself");
                File.Delete(PathOf(cluster));
                return;
            }

            if (wait == 0) progress?.Report($"Waiting for the earlier server (pid {other.Pid}) to stop");
            if (wait >= 100)
                throw new LocalPostgresException(
                    $"An earlier PostgreSQL server still runs on '{cluster.Folder}' (pid {other.Pid}, port {other.Port}). "
                    + $"Stop it with: kill -INT {other.Pid}");
            await Task.Delay(100, cancel);
        }
    }

    private static string PathOf(DataDirectory cluster) => Path.Combine(cluster.Data, "postmaster.pid");

    private static bool IsServer(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited && process.ProcessName.StartsWith("post", StringComparison.Ordinal); // postgres, once postmaster
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
