namespace Commerce.Bench;

/// <summary>One of several that are compared: a system, and the load that it gets.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="System">Its processes; null: it is PostgreSQL alone.</param>
/// <param name="Load">Sends the load for a time; the number makes rounds differ.</param>
internal sealed record Candidate(
    string Name, SystemUnderTest? System, Func<TimeSpan, int, CancellationToken, Task<LoadReport>> Load)
{
    /// <summary>A system that gets orders as fast as it serves them.</summary>
    public static Candidate Busy(string name, SystemUnderTest system, OrderClient client, int clients) =>
        new(name, system, (time, seed, cancel) => LoadGenerator.Closed(client.Order, clients, time, seed, cancel));
}

/// <summary>
/// Measures candidates on one PostgreSQL in alternating rounds, so that other work on the machine affects all of them. A round ends when
/// the system has caught up: the rate is that of the load, the cost is that of everything that the load caused.
/// </summary>
internal sealed class Rounds(BenchContext bench, BenchPostgres postgres)
{
    public async Task WarmUp(Candidate candidate, TimeSpan time, CancellationToken cancel)
    {
        bench.Tell($"{candidate.Name}: warming up");
        await candidate.Load(time, 0, cancel);
        if (candidate.System is { } system) await system.CatchUp(cancel);
    }

    public async Task<SampleSet> Run(IReadOnlyList<Candidate> candidates, TimeSpan time, CancellationToken cancel, string what = "")
    {
        var samples = new List<LoadSample>();
        foreach (var (one, n) in bench.Alternate(candidates, bench.Options.Rounds, c => $"{c.Name}{what}"))
            samples.Add(await Once(one, time, n, cancel));
        return new SampleSet(samples);
    }

    public async Task<LoadSample> Once(Candidate candidate, TimeSpan time, int seed, CancellationToken cancel)
    {
        await MachineCpu.UntilQuiet(bench.Options.QuietPatience, bench.Tell, cancel);
        var (machine, before) = (MachineCpu.Read(), await postgres.Usage(candidate.System, cancel));
        var load = await candidate.Load(time, seed, cancel);
        if (candidate.System is { } system) await system.CatchUp(cancel);
        var used = (await postgres.Usage(candidate.System, cancel)).Since(before);
        return new LoadSample(candidate.Name, load, used, MachineCpu.Read().OthersSince(machine));
    }
}
