namespace Commerce.AppHost.Test;

/// <summary>Runs one test project's own program; what it reports is its result, and a program that breaks off is a failure.</summary>
internal sealed class TestProject(Workspace workspace, Orleans orleans, string name, string results)
{
    /// <summary>Names the server that test projects share.</summary>
    public const string PostgresVariable = "COMMERCE_TEST_POSTGRES";

    /// <summary>A program that takes longer hangs: it is ended, and its last lines name the tests that it was in.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(40);

    /// <summary>Runs the tests whose name contains <paramref name="filter"/>, or all.</summary>
    public async Task<TestResult> Run(string postgres, string? filter, CancellationToken cancel)
    {
        var file = Path.Combine(results, Path.GetFileName(name));
        var output = new List<string>();
        string[] command =
        [
            Path.Combine(workspace.Output(name, orleans), Workspace.ProgramOf(name)),
            "-noLogo", "-noColor", "-noAutoReporters", "-diagnostics", "-longRunning", "60", "-xml", file + ".xml", "-trx", file + ".trx",
            .. filter is null ? Array.Empty<string>() : ["-method", $"*{filter}*"],
        ];
        var environment = new Dictionary<string, string?> { [PostgresVariable] = postgres };
        if (orleans.LeftOut) environment[Orleans.Property] = "false"; // a test that builds need not find out again
        await using var child = Child.Start(
            Workspace.Dotnet, command, Path.Combine(workspace.Root, name), line => { lock (output) output.Add(line); }, environment);
        var exit = await child.Exit(cancel);
        await File.WriteAllLinesAsync(file + ".log", output, cancel);

        var result = File.Exists(file + ".xml") ? TestResult.Read(file + ".xml") : TestResult.None;
        if (exit == 0 || result.Failed > 0) return result;
        var tail = string.Join('\n', output.TakeLast(15).Select(l => $"  {l}"));
        return result + new TestResult(0, 1, 0, [$"{name}: the test program ended with exit code {exit}. Its last lines:\n{tail}"]);
    }
}
