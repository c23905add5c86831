using System.ComponentModel;
using System.Diagnostics;

namespace Commerce.LocalPostgres;

/// <summary>Runs a short-lived program and gathers what it says.</summary>
internal static class PostgresCommand
{
    public static async Task<(int Exit, string Output)> Run(IReadOnlyList<string> command, CancellationToken cancel)
    {
        var start = Prepare(command);
        start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = true;
        using var process = Launch(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    private static readonly string[] Needed = ["PATH", "LANG", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

    /// <summary>
    /// From the root folder, which every user can enter, and with few variables: SQL can read the server's, so that no secret may be among
    /// them, and those that begin with PG would change what programs do.
    /// </summary>
    public static ProcessStartInfo Prepare(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = "/", UseShellExecute = false };
        var others = start.Environment.Keys.Where(k => !Needed.Contains(k) && !k.StartsWith("LC_", StringComparison.Ordinal));
        foreach (var name in others.ToList()) start.Environment.Remove(name);
        return start;
    }

    public static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new LocalPostgresException(
                $"The program '{start.FileName}' cannot be started: {problem.Message}. Is it installed?", problem);
        }
    }
}
