namespace Commerce.Bench;

/// <summary>The cost of an order to cash in each system, all of them on one PostgreSQL.</summary>
internal sealed class OrdersSection : ISection
{
    public string Name => "orders";

    public string About => "An order to cash, here and elsewhere: rate, latency, CPU, commits, rows, WAL and memory.";

    public Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel) => bench.WithPostgres(
        async postgres =>
        {
            var (systems, clients) = (new List<SystemUnderTest>(), new Dictionary<string, OrderClient>());
            try
            {
                // First, because it starts a process for a moment.
                var baseline = bench.Options.Takes(PostgresBaseline.Name)
                    ? await PostgresBaseline.Prepare(bench, postgres.ConnectionString, cancel)
                    : null;
                await StartSystems(bench, postgres, systems, cancel);
                foreach (var system in systems) clients[system.Name] = new OrderClient(system.Address, bench.Options.Clients);
                return await Compare(bench, new Rounds(bench, postgres), systems, clients, baseline, cancel);
            }
            finally
            {
                foreach (var client in clients.Values) client.Dispose();
                foreach (var system in systems) await system.DisposeAsync();
            }
        },
        cancel);

    /// <summary>The tables; <paramref name="open"/> names the system whose half each rate is.</summary>
    internal static SectionFindings Report(SampleSet closed, IReadOnlyList<(string HalfOf, SampleSet Samples)> open, string reference)
    {
        List<ResultTable> tables =
        [
            closed.Table("As fast as they are served", Figure.Served, chart: Figure.Rate.Name),
            closed.Table("The cost of an order, as fast as they are served", Figure.Costs, chart: Figure.Cpu.Name),
            .. open.Select(o => o.Samples.Table($"At half of the rate of {o.HalfOf}", Figure.Served)),
            .. new[] { reference, PostgresBaseline.Name }.Distinct().Where(to => closed.Names.Contains(to) && closed.Names.Count > 1)
                .Select(to => Ratios(closed, open.FirstOrDefault().Samples, to)),
        ];
        return new SectionFindings(
            tables, open.Select(o => o.Samples).Prepend(closed).Select(s => s.Problem()).FirstOrDefault(p => p is not null));
    }

    private static async Task StartSystems(
        BenchContext bench, BenchPostgres postgres, List<SystemUnderTest> systems, CancellationToken cancel)
    {
        bench.Tell("starting the systems");
        var server = postgres.ConnectionString;
        if (bench.Options.Takes(SystemUnderTest.Single)) systems.Add(await SystemUnderTest.Up(bench, server, silos: 0, cancel));
        if (bench.Options.Takes(SystemUnderTest.Cluster)) systems.Add(await SystemUnderTest.Up(bench, server, silos: 3, cancel));
        if (bench.Options.Takes(SystemUnderTest.Plain))
            systems.Add(await SystemUnderTest.StartPlain(bench.Program("Plain"), await postgres.Create("plain", cancel), cancel));
        if (bench.Options.Takes(SystemUnderTest.Naive))
            systems.Add(await SystemUnderTest.StartNaive(bench.Program("Naive"), server, silos: 3, cancel));
    }

    private static async Task<SectionFindings> Compare(
        BenchContext bench, Rounds rounds, IReadOnlyList<SystemUnderTest> systems, IReadOnlyDictionary<string, OrderClient> clients,
        PostgresBaseline? baseline, CancellationToken cancel)
    {
        var options = bench.Options;
        var candidates = systems.Select(s => Candidate.Busy(s.Name, s, clients[s.Name], options.Clients)).ToList();
        if (baseline is not null)
            candidates.Add(new Candidate(
                PostgresBaseline.Name, null, (time, _, stop) => baseline.Load(options.Clients, time, stop)));
        if (candidates.Count == 0) throw new BenchException($"There is no {string.Join(" or ", options.Only)} here.");
        foreach (var candidate in candidates)
        {
            bench.Tell($"{candidate.Name}: receiving stock");
            if (clients.TryGetValue(candidate.Name, out var client)) await client.Stock(cancel);
            await rounds.WarmUp(candidate, options.WarmUp, cancel);
        }

        var closed = await rounds.Run(candidates, options.Time, cancel, ": orders as fast as they are served");
        double Most(string name) => closed.Median(name, s => s.Rate);
        var names = systems.Select(s => s.Name).Where(n => Most(n) > 0).OrderBy(Most).ToList();
        var reference = names.Contains(SystemUnderTest.Plain) ? SystemUnderTest.Plain : names.FirstOrDefault() ?? PostgresBaseline.Name;
        // At half of the reference's rate, a slower system would only fall behind. Slow ones get half of the slowest one's.
        var able = names.Where(n => Most(n) > Most(reference) / 2).ToList();
        var slow = options.Quick ? [] : names.Except(able).ToList();
        var open = new List<(string, SampleSet)>();
        foreach (var (halfOf, who) in new[] { (reference, able), (slow.FirstOrDefault() ?? "", slow) }.Where(o => o.Item2.Count > 0))
        {
            var rate = Most(halfOf) / 2;
            var timed = systems.Where(s => who.Contains(s.Name)).Select(s => new Candidate(
                s.Name, s, (time, seed, stop) => LoadGenerator.Open(clients[s.Name].Order, rate, time, seed, stop))).ToList();
            open.Add((halfOf, await rounds.Run(timed, options.Time, cancel, $": {rate:0} orders a second")));
        }

        return Report(closed, open, reference);
    }

    private static ResultTable Ratios(SampleSet closed, SampleSet? open, string to)
    {
        IReadOnlyList<double> Ratio(SampleSet? samples, string of, Func<LoadSample, double> figure) =>
            samples is null ? [] : RoundStatistics.Ratios(samples.Of(of, figure), samples.Of(to, figure));
        return new ResultTable(
            $"Times {to}, round by round",
            [new("orders a second", "0.00"), new("p99 at the same rate", "0.00"), new("CPU an order", "0.00")],
            [
                .. closed.Names.Where(n => n != to).Select(n => new ResultRow(
                    n, [Ratio(closed, n, s => s.Rate), Ratio(open, n, s => s.Load.Percentile(0.99)), Ratio(closed, n, s => s.Cpu)])),
            ]);
    }
}
