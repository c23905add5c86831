using System.CommandLine;
using System.Diagnostics;
using Commerce.LocalPostgres;

namespace Commerce.AppHost;

/// <summary><c>./commerce test</c>: builds everything and runs all tests on one private PostgreSQL.</summary>
internal sealed class TestCommand(Workspace workspace, Terminal screen, string? filter, bool quick, bool write, TimeSpan longest)
{
    private const int QuickSeeds = 100;

    /// <summary>What a developer runs before a commit: rules, guards and the engine's promises. No cluster, no killed process.</summary>
    private static readonly string[] QuickProjects =
        ["tests/Domain.Tests", "tests/Engine.Tests", "tests/Providers.Tests", "tests/SingleProcess.Tests", "tests/Style.Tests"];

    /// <summary>They start whole clusters, builds or the bench, and run alone, last.</summary>
    private static readonly string[] Alone = ["tests/AppHost.Tests", "tests/Bench.Tests", "tests/Cluster.Tests", "tests/Silo.Tests"];

    /// <summary>Test programs wait more than they work, so two share the cores well.</summary>
    private const int AtOnce = 2;

    /// <summary>Each writes what those after it are built from: grains, then what they agree on, the API's document, the client.</summary>
    private static readonly string[] WritingProjects =
        ["tests/Domain.Tests", "tests/Grains.Tests", "tests/ApiGateway.Tests", "tests/Client.Tests"];

    /// <summary>The command as it is typed.</summary>
    public static CliCommand Create(Workspace workspace, Terminal screen)
    {
        var filter = new Argument<string?>("FILTER")
        {
            Description = "only tests whose full name (project, class, sentence) contains this", Arity = ArgumentArity.ZeroOrOne,
        };
        var quick = new Option<bool>("--quick")
        {
            Description = $"only rules, guards, the engine's promises and {QuickSeeds} simulated runs; some minutes",
        };
        var write = new Option<bool>("--write")
        {
            Description = "only tests that compare files with the code; they write grains, the API's document, the client and samples",
        };
        var verb = new CliCommand("test", "Builds everything and runs all tests on one private PostgreSQL, which is gone afterwards.")
        {
            Remarks =
            [
                "The last line is 'N passed, N failed'. Exit code 1 when a test failed or none ran.",
                "Each project's results are kept in artifacts/test. COMMERCE_TEST_POSTGRES=CONNECTION uses a PostgreSQL that runs already;",
                "COMMERCE_TEST_MINUTES=N ends a test program that takes longer (40).",
            ],
            Examples =
            [
                ("./commerce test", "all tests"), ("./commerce test --quick", "before a commit"),
                ("./commerce test --write", "after a contract, a fact or an endpoint has changed"),
                ("./commerce test Journal.Tests", "those of one project"),
                ("./commerce test is_recognised", "those whose sentence contains this"),
            ],
        };
        verb.Add(filter);
        verb.Add(quick);
        verb.Add(write);
        verb.SetAction(parsed => new TestCommand(
            workspace, screen, parsed.GetValue(filter), parsed.GetValue(quick), parsed.GetValue(write),
            TestProject.Longest(Environment.GetEnvironmentVariable(TestProject.MinutesVariable))).Run());
        return verb;
    }

    private async Task<int> Run()
    {
        using var signals = new StopSignals();
        if (!write) await new Build(workspace, screen).Solution(signals.Token);
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
                new PostgresServerOptions(Path.Combine(folder, "postgres")) { Durable = false, MaxConnections = 800 }, progress, cancel));
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
        var total = TestResult.None;
        var counting = new Lock();
        var programs = Projects().Select(p => (Name: p, Run: (Func<CancellationToken, Task<TestResult>>)(async stop =>
        {
            if (write) await new Build(workspace, screen).Project(p, stop);
            return await new TestProject(workspace, p, results, longest).Run(postgres, filter, write, stop);
        }))).ToList();
        if (quick && filter is null) programs.Insert(0, ($"simulation, seeds 1-{QuickSeeds}", Simulate));
        await screen.During($"{programs.Count} test programs", async progress =>
        {
            foreach (var atOnce in programs.GroupBy(p => write || Alone.Contains(p.Name) ? 1 : AtOnce).OrderByDescending(g => g.Key))
            {
                var options = new ParallelOptions { MaxDegreeOfParallelism = atOnce.Key, CancellationToken = cancel };
                await Parallel.ForEachAsync(atOnce, options, async (program, stop) =>
                {
                    progress.Report(program.Name);
                    var clock = Stopwatch.StartNew();
                    Count(program.Name, await program.Run(stop), clock.Elapsed);
                });
            }

            return total;
        });
        if (total is { Passed: 0, Failed: 0 })
            screen.Bad(filter is null ? "No test ran." : $"No test ran: no test's name contains '{filter}'.");
        return total;

        void Count(string what, TestResult result, TimeSpan took)
        {
            lock (counting)
            {
                if (result.Any) screen.Line($"  {what}: {result} ({took.TotalSeconds:0} s)");
                foreach (var failure in result.Failures) screen.Bad($"\nFAILED {failure}");
                total += result;
            }
        }
    }

    /// <summary>The simulated runs count as one test.</summary>
    private async Task<TestResult> Simulate(CancellationToken cancel)
    {
        var output = new List<string>();
        var (program, seeds) = (Path.Combine(workspace.Output("Simulation"), Workspace.ProgramOf("Simulation")), $"1-{QuickSeeds}");
        await using var child = ChildProcess.Start(
            Workspace.Dotnet, [program, "--seeds", seeds], workspace.Root,
            line => { lock (output) output.Add(line); }, new Dictionary<string, string?>());
        return await child.Exit(cancel) == 0
            ? new TestResult(1, 0, 0, [])
            : new TestResult(0, 1, 0, [$"simulation: seeds {seeds}\n{string.Join('\n', output.TakeLast(30).Select(l => $"  {l}"))}"]);
    }

    private IEnumerable<string> Projects()
    {
        var projects = Directory.EnumerateDirectories(Path.Combine(workspace.Root, "tests"), "*.Tests")
            .Select(folder => $"tests/{Path.GetFileName(folder)}").Where(p => File.Exists(workspace.Project(p)))
            .Order(StringComparer.Ordinal).ToList();
        return write ? WritingProjects.Where(projects.Contains) : projects.Where(p => !quick || QuickProjects.Contains(p));
    }
}
