using System.Diagnostics;

namespace Commerce.Mutants;

/// <summary>Runs programs of .NET as processes of their own, which end when they are not needed any more.</summary>
internal static class DotnetProcess
{
    private static string Dotnet =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Starts one; the caller ends it.</summary>
    public static Process Start(IEnumerable<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(Dotnet, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0"; // a mutant lives for seconds: code that is measured first does not pay
        return Process.Start(start)!;
    }

    /// <summary>Runs one to its end and gives what it wrote; fails with that when it failed.</summary>
    public static async Task<string> Run(string what, IEnumerable<string> arguments, string folder, CancellationToken cancel)
    {
        using var child = Start(arguments, folder);
        var errors = child.StandardError.ReadToEndAsync(cancel);
        try
        {
            var output = await child.StandardOutput.ReadToEndAsync(cancel);
            await child.WaitForExitAsync(cancel);
            if (child.ExitCode == 0) return output;
            var wrong = (output + await errors).Split('\n').Where(l => l.Contains("error", StringComparison.Ordinal)).Distinct().Take(5);
            throw new OutOfDateException($"{what} does not build. {string.Join('\n', wrong)}");
        }
        finally
        {
            child.Kill(entireProcessTree: true); // of one that has ended, nothing
        }
    }
}
