using Commerce.Bench.Data;

namespace Commerce.Bench.Sections;

/// <summary>What it takes to look at orders where there are many: alone, and while orders come in at half of what can be served.</summary>
internal sealed class Reads : ISection
{
    private const int Readers = 16;

    public string Name => "reads";

    public string About => "Getting an order, listing a customer's, sales by day: rate and latency, alone and under write load.";

    public bool OnManyOrders => true;

    public async Task<Findings> Measure(Workbench bench, CancellationToken cancel) =>
        await new Campaign(bench, await bench.Grown.With(bench.Settings.Quick ? 10_000 : Growth.Most, cancel)).Run(cancel);

    private sealed record Look(string Name, Func<Random, CancellationToken, Task> Ask);

    private sealed record Seen(string What, bool Alone, Loaded Load);

    private sealed class Campaign(Workbench bench, Installation at)
    {
        private readonly TimeSpan _time = bench.Settings.Time / (bench.Settings.Quick ? 3 : 2);

        public async Task<Findings> Run(CancellationToken cancel)
        {
            using var reader = new ReadClient(at.Subject.Address, Readers);
            using var writer = new OrderClient(at.Subject.Address, bench.Settings.Customers);
            List<Look> looks =
            [
                new("get an order", (random, stop) => reader.Order(random.Next(at.Orders), stop)),
                new("list a customer's orders", (random, stop) => reader.OrdersOf(random.Next(Customers), stop)),
                new("sales by day, a month", (random, stop) => reader.Sales(random.Next(30, Seed.Days), 30, stop)),
                new("sales by day, 400 days", (_, stop) => reader.Sales(Seed.Days + 2, Seed.Days + 3, stop)),
            ];
            foreach (var look in looks) await Load.Closed(look.Ask, Readers, bench.Settings.WarmUp / 8, 0, cancel);
            await Load.Closed(writer, bench.Settings.Customers, bench.Settings.WarmUp / 3, 0, cancel);
            var most = await Load.Closed(writer, bench.Settings.Customers, _time, 1, cancel);

            var (seen, written) = (new List<Seen>(), new List<Seen>());
            for (var n = 1; n <= (bench.Settings.Quick ? 1 : bench.Settings.Rounds); n++)
                foreach (var look in looks)
                {
                    bench.Tell($"{look.Name}, round {n} of {bench.Settings.Rounds}");
                    seen.Add(new Seen(look.Name, true, await Load.Closed(look.Ask, Readers, _time, n, cancel)));
                    var writing = Load.Open(writer, most.Rate / 2, _time, n, cancel);
                    seen.Add(new Seen(look.Name, false, await Load.Closed(look.Ask, Readers, _time, n, cancel)));
                    written.Add(new Seen(look.Name, false, await writing));
                }

            return Found(looks, seen, written, most);
        }

        private int Customers => Math.Min(Seed.Customers, at.Orders / 2);

        private Findings Found(IReadOnlyList<Look> looks, IReadOnlyList<Seen> seen, IReadOnlyList<Seen> written, Loaded most) => new(
            [
                new Sheet(
                    $"Reads with {at.Orders:#,0} orders, {Readers} readers who never rest (median, least to most)",
                    ["", "requests a second", "p50, ms", "p99, ms", "wanted"],
                    [.. looks.SelectMany(l => (string[][])[Row(l, seen, alone: true), Row(l, seen, alone: false)])]),
                new Sheet(
                    $"What {most.Rate / 2:#,0} orders a second, half of what can be served, get while others read",
                    ["beside", "orders a second", "p50, ms", "p99, ms"],
                    [.. looks.Select(l => Figure(l.Name, [.. written.Where(w => w.What == l.Name).Select(w => w.Load)]))]),
            ],
            [],
            new { orders = at.Orders, most = most.Rate, reads = seen.Select(Raw), writes = written.Select(Raw) },
            Findings.Failed(seen.Concat(written).Select(s => (s.What, s.Load)), "failed"));

        private static string[] Row(Look look, IReadOnlyList<Seen> seen, bool alone) =>
        [
            .. Figure(
                $"{look.Name}, {(alone ? "alone" : "while orders come in")}",
                [.. seen.Where(s => s.What == look.Name && s.Alone == alone).Select(s => s.Load)]),
            "no figure",
        ];

        private static string[] Figure(string name, IReadOnlyList<Loaded> rounds) =>
        [
            name, Figures.Spread([.. rounds.Select(r => r.Rate)], "#,0"), Figures.Spread([.. rounds.Select(r => r.Percentile(0.5))], "0.0"),
            Figures.Spread([.. rounds.Select(r => r.Percentile(0.99))], "0.0"),
        ];

        private static object Raw(Seen seen) => new
        {
            what = seen.What, alone = seen.Alone, rate = seen.Load.Rate, p50 = seen.Load.Percentile(0.5), p99 = seen.Load.Percentile(0.99),
            errors = seen.Load.Errors,
        };
    }
}
