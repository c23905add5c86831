using System.Diagnostics;

namespace Commerce.Bench;

/// <summary>The time from the command to the first request that can be served.</summary>
internal sealed class StartSection : ISection
{
    private const string Creates = "creates its databases";
    private const string Finds = "finds its databases";

    public string Name => "start";

    public string About =>
        "From `./commerce up`, built, with PostgreSQL running, to ready: the single process, and three silos with a gateway.";

    public Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel) => bench.WithPostgres(
        async postgres =>
        {
            var starts = new List<SystemStart>();
            for (var n = 1; n <= (bench.Options.Quick ? 1 : bench.Options.Rounds); n++)
                foreach (var (name, start) in bench.Product(postgres.ConnectionString, cancel))
                    foreach (var databases in new[] { Creates, Finds })
                    {
                        bench.Tell($"{name} {databases}, start {n}");
                        if (databases == Creates) await postgres.Drop(name, cancel);
                        starts.Add(await Once($"{name} {databases}", start, postgres, cancel));
                    }

            return Report(starts);
        },
        cancel);

    internal static SectionFindings Report(IReadOnlyList<SystemStart> starts) => new(
    [
        new ResultTable(
            "From the command to ready",
            [new("seconds", "0.00"), new("CPU seconds of its processes", "0.00"), new("CPU seconds of PostgreSQL", "0.00")],
            [
                .. starts.GroupBy(s => s.Name).Select(g => new ResultRow(
                    g.Key, [[.. g.Select(s => s.Seconds)], [.. g.Select(s => s.Cpu)], [.. g.Select(s => s.PostgresCpu)]])),
            ],
            Chart: "seconds"),
    ]);

    /// <summary>Stops it as an operator does: what is killed leaves locks and members to the next start.</summary>
    private static async Task<SystemStart> Once(
        string name, Func<Task<SystemUnderTest>> start, BenchPostgres postgres, CancellationToken cancel)
    {
        var (since, before) = (Stopwatch.StartNew(), await postgres.Usage(null, cancel));
        await using var system = await start();
        var seconds = since.Elapsed.TotalSeconds;
        var (after, all) = (await postgres.Usage(system, cancel), await postgres.Usage(null, cancel));
        await system.Stop();
        return new SystemStart(name, seconds, after.SystemCpu, all.PostgresCpu - before.PostgresCpu);
    }
}

/// <summary>One start: until ready, and the CPU seconds by then.</summary>
internal sealed record SystemStart(string Name, double Seconds, double Cpu, double PostgresCpu);
