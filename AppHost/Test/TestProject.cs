using System.Globalization;

namespace Commerce.AppHost;

/// <summary>Runs one test project's own program; what it reports is its result, and a program that breaks off is a failure.</summary>
internal sealed class TestProject(Workspace workspace, string name, string results, TimeSpan longest)
{
    /// <summary>Lets tests that compare files with the code write them instead.</summary>
    public const string WriteVariable = "COMMERCE_WRITE";

    /// <summary>Those tests, as the test program chooses.</summary>
    public static readonly string[] Writing = ["-trait", "writes=files"];

    /// <summary>Names the server that test projects share.</summary>
    public const string PostgresVariable = "COMMERCE_TEST_POSTGRES";

    /// <summary>How many minutes a test program may take.</summary>
    public const string MinutesVariable = "COMMERCE_TEST_MINUTES";

    private const double UsualMinutes = 40;

    /// <summary>
    /// How long a test program may take, as the environment says. One that takes longer hangs, and its last lines name the tests it was in.
    /// </summary>
    /// <exception cref="CommandFailedException">It is no number of minutes.</exception>
    public static TimeSpan Longest(string? given) =>
        string.IsNullOrEmpty(given) ? TimeSpan.FromMinutes(UsualMinutes)
        : double.TryParse(given, CultureInfo.InvariantCulture, out var n) && n is > 0 and < 10_000 ? TimeSpan.FromMinutes(n)
        : throw new CommandFailedException(
            $"{MinutesVariable} is '{given}'. Give a number of minutes that each test program may take, such as 40.");

    /// <summary>Runs all tests, those whose name contains <paramref name="filter"/>, or those that write files.</summary>
    public async Task<TestResult> Run(string postgres, string? filter, bool write, CancellationToken cancel)
    {
        var file = Path.Combine(results, Path.GetFileName(name));
        var output = new List<string>();
        string[] command =
        [
            Path.Combine(workspace.Output(name), Workspace.ProgramOf(name)),
            "-noLogo", "-noColor", "-noAutoReporters", "-xml", file + ".xml", "-trx", file + ".trx",
            "-diagnostics", "-longRunning", $"{Math.Clamp((int)longest.TotalSeconds / 3, 1, 60)}",
            .. filter is null ? Array.Empty<string>() : ["-method", $"*{filter}*"], .. write ? Writing : [],
        ];
        var environment = new Dictionary<string, string?>(ChildEnvironment.OfTool())
        {
            [PostgresVariable] = postgres, [WriteVariable] = write ? "1" : null,
        };
        await using var child = ChildProcess.Start(
            Workspace.Dotnet, command, Path.Combine(workspace.Root, name), line => { lock (output) output.Add(line); }, environment);
        var ended = await End(child, cancel);
        await File.WriteAllLinesAsync(file + ".log", output, cancel);

        var result = File.Exists(file + ".xml") ? TestResult.Read(file + ".xml") : TestResult.None;
        if (ended is null || result.Failed > 0) return result;
        var tail = string.Join('\n', output.TakeLast(15).Select(l => $"  {l}"));
        return result + new TestResult(0, 1, 0, [$"{name}: the test program {ended}. Its last lines:\n{tail}"]);
    }

    /// <summary>How it ended, unless well.</summary>
    private async Task<string?> End(ChildProcess child, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(longest);
        try
        {
            return await child.Exit(limit.Token) is not 0 and var exit ? $"ended with exit code {exit}" : null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await child.Exited; // all that it has said is read by then
            return $"was ended: it had not come to its end in {longest.TotalMinutes} minutes";
        }
    }
}
