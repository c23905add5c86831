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

    /// <summary>Orders a second.</summary>
    private static readonly IReadOnlyList<double> FixedRates = [50, 100];

    /// <summary>The tables; the first load is that of many clients, and <paramref name="to"/> is what all are compared with.</summary>
    internal static SectionFindings Report(IReadOnlyList<MeasuredLoad> loads, string to)
    {
        var busy = loads[0].Samples;
        List<ResultTable> tables =
        [
            busy.Table($"{loads[0].Name}: the cost of an order", Figure.Costs, chart: Figure.Cpu.Name),
            busy.Table(loads[0].Name, Figure.Served, chart: Figure.Rate.Name),
            .. loads.Skip(1).Select(l => l.Samples.Table(l.Name, l.Fixed ? Figure.Timed : Figure.Quiet)),
            .. new[] { to, PostgresBaseline.Name }.Distinct().Where(n => busy.Names.Contains(n) && busy.Names.Count > 1)
                .Select(n => Ratios(loads, n)),
        ];
        return new SectionFindings(tables, loads.Select(l => l.Samples.Problem()).FirstOrDefault(p => p is not null));
    }

    private static string Clients(int number) => number == 1 ? "1 client" : $"{number} clients";

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
        if (bench.Options.Takes(SystemUnderTest.Marten))
            systems.Add(await SystemUnderTest.StartMarten(bench.Program("Marten"), await postgres.Create("marten", cancel), cancel));
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

        var loads = new List<MeasuredLoad>();
        async Task Measure(string name, IReadOnlyList<Candidate> those, bool isFixed = false)
        {
            if (those.Count > 0) loads.Add(new(name, await rounds.Run(those, options.Time, cancel, $": {name}"), isFixed));
        }

        await Measure(Clients(options.Clients), candidates);
        double Most(string name) => loads[0].Samples.Median(name, s => s.Rate);
        foreach (var few in options.FewerClients)
            await Measure(Clients(few), [.. systems.Select(s => Candidate.Busy(s.Name, s, clients[s.Name], few))]);
        var names = systems.Select(s => s.Name).Where(n => Most(n) > 0).OrderBy(Most).ToList();
        var reference = names.Contains(SystemUnderTest.Plain) ? SystemUnderTest.Plain : names.FirstOrDefault() ?? PostgresBaseline.Name;
        var half = Math.Floor(Most(reference) / 2);
        foreach (var rate in options.Quick ? [half] : FixedRates.Where(r => r < half).Append(half))
            // A system that is too slow for a rate would only fall behind.
            await Measure(rate == half ? $"{rate} orders a second, half of what {reference} serves" : $"{rate} orders a second", [.. systems
                .Where(s => Most(s.Name) > rate)
                .Select(s => new Candidate(
                    s.Name, s, (time, seed, stop) => LoadGenerator.Open(clients[s.Name].Order, rate, time, seed, stop)))], isFixed: true);
        return Report(loads, reference);
    }

    // A row for each load and system: a ratio is of rounds that stood beside each other.
    private static ResultTable Ratios(IReadOnlyList<MeasuredLoad> loads, string to) => new(
        $"Times {to}, round by round",
        [new("CPU an order", "0.00"), new("orders a second", "0.00"), new("p50", "0.00"), new("p99", "0.00")],
        [
            .. loads.Where(l => l.Samples.Names.Contains(to)).SelectMany(load => load.Samples.Names.Where(n => n != to).Select(n =>
            {
                IReadOnlyList<double> Ratio(Func<LoadSample, double> figure) =>
                    RoundStatistics.Ratios(load.Samples.Of(n, figure), load.Samples.Of(to, figure));
                return new ResultRow(
                    $"{n}: {load.Name}",
                    [
                        Ratio(s => s.Cpu), load.Fixed ? [] : Ratio(s => s.Rate), Ratio(s => s.Load.Percentile(0.5)),
                        Ratio(s => s.Load.Percentile(0.99)),
                    ]);
            })),
        ]);
}

/// <summary>What a load came to in each system.</summary>
/// <param name="Name">The load.</param>
/// <param name="Samples">Its rounds.</param>
/// <param name="Fixed">True when its rate was given.</param>
internal sealed record MeasuredLoad(string Name, SampleSet Samples, bool Fixed = false);
