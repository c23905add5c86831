using System.CommandLine;
using Commerce.LocalPostgres;

namespace Commerce.AppHost.Test;

/// <summary><c>./commerce test</c>: builds everything and runs all tests on one private PostgreSQL.</summary>
internal sealed class TestCommand(Workspace workspace, Screen screen, string? filter, TimeSpan longest)
{
    /// <summary>The command as it is typed.</summary>
    public static Verb Create(Workspace workspace, Screen screen)
    {
        var filter = new Argument<string?>("FILTER")
        {
            Description = "only tests whose full name (project, class, sentence) contains this", Arity = ArgumentArity.ZeroOrOne,
        };
        var verb = new Verb("test", "Builds everything and runs all tests on one private PostgreSQL, which is gone afterwards.")
        {
            Remarks =
            [
                "The last line is 'N passed, N failed'. Exit code 1 when a test failed or none ran.",
                "Each project's results are kept in artifacts/test. COMMERCE_TEST_POSTGRES=CONNECTION uses a PostgreSQL that runs already;",
                "COMMERCE_TEST_MINUTES=N ends a test program that takes longer (40).",
            ],
            Examples =
            [
                ("./commerce test", "all tests"), ("./commerce test Journal", "those of one project"),
                ("./commerce test A_retried_payment", "those whose sentence begins so"),
            ],
        };
        verb.Add(filter);
        verb.SetAction(parsed => new TestCommand(
            workspace, screen, parsed.GetValue(filter),
            TestProject.Longest(Environment.GetEnvironmentVariable(TestProject.MinutesVariable))).Run());
        return verb;
    }

    private async Task<int> Run()
    {
        using var signals = new StopSignals();
        await new Build(workspace, screen).Solution(signals.Token);
        var total = await RunAll(signals.Token);
        screen.Line();
        screen.Line(total.ToString());
        return total is { Failed: 0, Passed: > 0 } ? 0 : 1;
    }

    private async Task<TestResult> RunAll(CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable(TestProject.PostgresVariable) is { Length: > 0 } given) return await RunAll(given, cancel);
        var folder = Directory.CreateTempSubdirectory("commerce-test-").FullName;
        try
        {
            await using var server = await screen.During("starting a private PostgreSQL", progress => PostgresServer.Start(
                new PostgresServerOptions(Path.Combine(folder, "postgres")) { Durable = false, MaxConnections = 400 }, progress, cancel));
            return await RunAll(server.ConnectionString, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<TestResult> RunAll(string postgres, CancellationToken cancel)
    {
        var results = Path.Combine(workspace.Root, "artifacts", "test");
        if (Directory.Exists(results)) Directory.Delete(results, recursive: true);
        Directory.CreateDirectory(results);
        var total = new TestResult(0, 0, 0, []);
        foreach (var project in Projects())
        {
            var tests = new TestProject(workspace, project, results, longest);
            var result = await screen.During(project, _ => tests.Run(postgres, filter, cancel));
            if (result.Any) screen.Line($"  {project}: {result}");
            foreach (var failure in result.Failures) screen.Bad($"\nFAILED {failure}");
            total += result;
        }

        if (total is { Passed: 0, Failed: 0 })
            screen.Bad(filter is null ? "No test ran." : $"No test ran: no test's name contains '{filter}'.");
        return total;
    }

    private IEnumerable<string> Projects() => Directory.EnumerateDirectories(Path.Combine(workspace.Root, "tests"), "*.Tests")
        .Select(folder => $"tests/{Path.GetFileName(folder)}").Where(p => File.Exists(workspace.Project(p)))
        .Order(StringComparer.Ordinal);
}
