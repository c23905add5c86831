using System.Diagnostics;
using Commerce.Client;

namespace Commerce.Bench;

/// <summary>How the cost of an order grows with everything that can grow.</summary>
internal sealed class GrowthSection : ISection
{
    /// <summary>Orders in the largest database.</summary>
    public const int MostOrders = 1_000_000;

    private const double Flat = 1.15;
    private const double HotSku = 1.0 / 3;
    private const double Silos = 1.25;
    private const double IdleMilliseconds = 5; // of CPU a second: half a percent of a core
    private const int FewRounds = 3; // of what takes long to start
    private const int SiloWarmUp = 5_000; // orders, after which every process has compiled its code to the end

    private static readonly TimeSpan SiloPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    public string Name => "growth";

    public string About => "How cost grows: with orders, products, lines, idle entities and silos.";

    public bool UsesPrefilled => true;

    public async Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel)
    {
        var (quick, postgres) = (bench.Options.Quick, await bench.PrefilledPostgres(cancel));
        var databases = new List<PrefilledDatabase>();
        foreach (var orders in quick ? (int[])[1_000, 10_000] : [10_000, 100_000, MostOrders])
            databases.Add(await bench.Prefilled(orders, cancel));
        var run = new GrowthRun(bench, postgres, new Rounds(bench, postgres));
        List<(ResultTable Table, string? Problem)> found =
        [
            await run.ByOrders(databases, cancel),
            await run.ByProducts(databases[0], quick ? [1, 300] : [1, 100, 10_000], cancel),
            await run.ByLines(databases[0], quick ? [1, 16] : [1, 4, 16, 64], cancel),
        ];
        await bench.StopPrefilled();
        if (!quick) found.Add((await run.Idle(databases[0], databases[^1], cancel), null));
        await bench.StopPrefilled();
        if (!quick) found.Add(await run.BySilos([1, 2, 3, 4], cancel));
        return new SectionFindings(
            [.. found.Select(f => f.Table)], found.Select(f => f.Problem).FirstOrDefault(p => p is not null));
    }

    private sealed class GrowthRun(BenchContext bench, BenchPostgres postgres, Rounds rounds)
    {
        private readonly BenchOptions _options = bench.Options;
        private readonly TimeSpan _time = bench.Options.Time / (bench.Options.Quick ? 3 : 2);
        private readonly int _fewRounds = Math.Min(bench.Options.Rounds, FewRounds);

        /// <summary>Databases of different size side by side.</summary>
        public async Task<(ResultTable Table, string? Problem)> ByOrders(
            IReadOnlyList<PrefilledDatabase> databases, CancellationToken cancel)
        {
            var shapes = databases.Select(d => (Name: $"after {d.Orders:#,0} orders", Database: d, Shape: new OrderShape())).ToList();
            // Sorted keys follow the last one in an index; random keys touch all of its pages, and so show the cost of its size.
            if (!_options.Quick)
                shapes.Add(($"{shapes[^1].Name}, random keys", databases[^1], new OrderShape(SortedKeys: false)));
            var samples = await Compare(shapes, cancel);
            var first = samples.Names[0];
            return (samples.Table(
                "An order after many others; CPU compared with the first row's", Figure.Growth, Figure.Cpu.Name,
                n => n == first ? null : Goal.AtMost(samples.Ratio(n, first, s => s.Cpu), Flat)), samples.Problem());
        }

        /// <summary>One SKU that every order wants, and many SKUs.</summary>
        public async Task<(ResultTable Table, string? Problem)> ByProducts(
            PrefilledDatabase database, IReadOnlyList<int> numbers, CancellationToken cancel)
        {
            bench.Tell($"receiving stock of {numbers[^1]:#,0} products");
            using (var all = new OrderClient(database.System.Address, 16, new OrderShape(numbers[^1]))) await all.Stock(cancel);
            var samples = await Compare(
                [.. numbers.Select(n => (n == 1 ? "1 SKU in every order" : $"{n:#,0} SKUs", database, new OrderShape(n)))], cancel);
            var last = samples.Names[^1];
            return (samples.Table(
                "Few products, and many; rate compared with the last row's", Figure.Growth, null,
                n => n == last ? null : Goal.AtLeast(samples.Ratio(n, last, s => s.Rate), HotSku)), samples.Problem());
        }

        /// <summary>Short orders, and long ones.</summary>
        public async Task<(ResultTable Table, string? Problem)> ByLines(
            PrefilledDatabase database, IReadOnlyList<int> numbers, CancellationToken cancel)
        {
            var lines = numbers.ToDictionary(n => n == 1 ? "1 line" : $"{n} lines");
            var samples = await Compare([.. lines.Select(l => (l.Key, database, new OrderShape(Lines: l.Value)))], cancel);
            var names = samples.Names;
            double PerLine(LoadSample sample) => sample.Cpu / lines[sample.Name];
            Goal? Goal(int n) => n <= 0 ? null : Bench.Goal.AtMost(
                RoundStatistics.Median(RoundStatistics.Ratios(samples.Of(names[n], PerLine), samples.Of(names[n - 1], PerLine))), Flat);
            return (samples.Table(
                "Short orders, and long ones; a line's CPU compared with the row before",
                [new("CPU ms a line", "0.000", PerLine), .. Figure.Growth], null, n => Goal(names.ToList().IndexOf(n))), samples.Problem());
        }

        /// <summary>What idle entities cost: those in memory, and those in the journal only. The databases are stopped.</summary>
        public async Task<ResultTable> Idle(PrefilledDatabase small, PrefilledDatabase large, CancellationToken cancel)
        {
            var idle = new Dictionary<PrefilledDatabase, List<double>> { [small] = [], [large] = [] };
            IReadOnlyList<double> bytes = [];
            foreach (var (one, n) in bench.Alternate([small, large], _fewRounds, d => $"idle after {d.Orders:#,0} orders"))
            {
                await one.Start(cancel);
                await Task.Delay(Quiet / 2, cancel); // what a start sets off is over
                var (before, since) = (await postgres.Usage(one.System, cancel), Stopwatch.StartNew());
                await Task.Delay(Quiet, cancel);
                var used = (await postgres.Usage(one.System, cancel)).Since(before);
                idle[one].Add(1000 * (used.SystemCpu + used.PostgresCpu) / since.Elapsed.TotalSeconds);
                if (one == large && n == _fewRounds) bytes = [await BytesOfAnOrder(one, cancel)];
                await one.Stop();
            }

            // Other work on the machine can only add to it, so the least of the rounds are compared.
            return new ResultTable(
                "Entities that are idle", [new("CPU ms a second", "0.0"), new("resident bytes of an order in memory", "#,0")],
                [
                    new($"{small.Orders:#,0} orders in the journal", [idle[small], []]),
                    new(
                        $"{large.Orders:#,0} orders in the journal", [idle[large], bytes],
                        Goal.AtMost(idle[large].Min() - idle[small].Min(), IdleMilliseconds, "ms more")),
                ]);
        }

        /// <summary>
        /// Clusters of different size. On one machine none is faster than another: this is the price of distribution. One runs at a time,
        /// because an idle cluster costs something too, and each has databases of its own.
        /// </summary>
        public async Task<(ResultTable Table, string? Problem)> BySilos(IReadOnlyList<int> numbers, CancellationToken cancel)
        {
            var all = new List<LoadSample>();
            foreach (var (silos, n) in bench.Alternate(numbers, _fewRounds, Name))
            {
                await using var cluster = await SystemUnderTest.Up(
                    bench, postgres.ConnectionString, silos, cancel, $"silos{silos}_{n}");
                using var client = new OrderClient(cluster.Address, _options.Clients);
                await client.Stock(cancel);
                var candidate = Candidate.Busy(Name(silos), cluster, client, _options.Clients);
                var (served, since) = (0, Stopwatch.StartNew());
                for (var part = 1; served < SiloWarmUp && since.Elapsed < SiloPatience; part++)
                    served += (await candidate.Load(_options.WarmUp / 4, -part, cancel)).Latencies.Length;
                all.Add(await rounds.Once(candidate, _time, n, cancel));
            }

            var samples = new SampleSet([.. numbers.SelectMany(s => all.Where(a => a.Name == Name(s)))]);
            var first = Name(numbers[0]);
            return (samples.Table(
                "Clusters, small and large; CPU compared with the first row's", Figure.Growth, Figure.Cpu.Name,
                n => n == first ? null : Goal.AtMost(samples.Ratio(n, first, s => s.Cpu), Silos)), samples.Problem());

            static string Name(int silos) => silos == 1 ? "1 silo" : $"{silos} silos";
        }

        private async Task<SampleSet> Compare(
            IReadOnlyList<(string Name, PrefilledDatabase Database, OrderShape Shape)> shapes, CancellationToken cancel)
        {
            var clients = shapes.Select(s => new OrderClient(s.Database.System.Address, _options.Clients, s.Shape)).ToList();
            try
            {
                var candidates = shapes.Zip(clients, (s, client) => Candidate.Busy(
                    s.Name, s.Database.System, client, _options.Clients)).ToList();
                foreach (var candidate in candidates) await rounds.WarmUp(candidate, _options.WarmUp / 4, cancel);
                return await rounds.Run(candidates, _time, cancel);
            }
            finally
            {
                clients.ForEach(c => c.Dispose());
            }
        }

        /// <summary>
        /// Half of the orders are read first, twice, so that connections, code and the young generation have what they need. Then come the
        /// other half, and again some that are there already, so that garbage is collected in both cases.
        /// </summary>
        private async Task<double> BytesOfAnOrder(PrefilledDatabase database, CancellationToken cancel)
        {
            var half = Math.Min(database.Orders, 180_000) / 2; // below the number that the process keeps
            bench.Tell($"bringing {2 * half:#,0} orders into memory");
            using var client = new CommerceClient(
                new CommerceOptions(database.System.Address) { ApiKey = OrderClient.Key, Connections = 16 });
            Task Get(int from, int count) => Parallel.ForEachAsync(
                Enumerable.Range(from, count), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel },
                async (n, stop) => await client.GetOrderAsync(PrefilledDatabase.OrderId(n), stop));
            await Get(0, half / 10);
            await Get(0, half);
            await Get(0, half / 10);
            var before = (await postgres.Usage(database.System, cancel)).ResidentBytes;
            await Get(half, half);
            await Get(0, half / 10);
            return ((double)(await postgres.Usage(database.System, cancel)).ResidentBytes - before) / half;
        }
    }
}
