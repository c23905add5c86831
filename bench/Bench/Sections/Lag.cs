namespace Commerce.Bench.Sections;

/// <summary>One round of a subject whose events are followed.</summary>
/// <param name="Subject">Which.</param>
/// <param name="Load">The orders that were sent meanwhile.</param>
/// <param name="Lags">Milliseconds of every event.</param>
internal sealed record LagRound(string Subject, Loaded Load, Loaded Lags);

/// <summary>How long after it happened an event is with a subscriber, while the subject does half of what it can.</summary>
internal sealed class Lag : ISection
{
    private const double Wanted = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "lag";

    public string About =>
        "From an event's own time, which is just before its commit, to its arrival at a client of `/orders/events`; half of full load.";

    public Task<Findings> Measure(Workbench bench, CancellationToken cancel) => bench.WithPostgres(
        async (server, postgres) =>
        {
            var rounds = new List<LagRound>();
            foreach (var (_, start) in bench.Product(Name, server.ConnectionString, cancel))
                rounds.AddRange(await Follow(bench, start, cancel));
            return Told(rounds);
        },
        cancel);

    /// <summary>The tables of what was measured.</summary>
    internal static Findings Told(IReadOnlyList<LagRound> rounds)
    {
        var subjects = rounds.Select(r => r.Subject).Distinct().ToList();
        IReadOnlyList<double> Values(string subject, Func<LagRound, double> of) => [.. rounds.Where(r => r.Subject == subject).Select(of)];
        return new Findings(
            [
                new Sheet(
                    "Event lag at half load (median, least to most)",
                    ["", "orders a second", "events a second", "p50, ms", "p99.9, ms", "p99, ms: wanted", "p99, ms: got"],
                    [
                        .. subjects.Select(s => (string[])
                        [
                            s, Figures.Spread(Values(s, r => r.Load.Rate), "#,0"), Figures.Spread(Values(s, r => r.Lags.Rate), "#,0"),
                            Figures.Spread(Values(s, r => r.Lags.Percentile(0.5)), "0.0"),
                            Figures.Spread(Values(s, r => r.Lags.Percentile(0.999)), "0.0"), $"under {Wanted:0}",
                            Figures.Spread(Values(s, r => r.Lags.Percentile(0.99)), "0.0"),
                        ]),
                    ]),
            ],
            [
                new Chart(
                    "Event lag at half load, p99", "ms",
                    [.. subjects.Select(s => Figures.BarOf(s, Values(s, r => r.Lags.Percentile(0.99))))]),
            ],
            rounds.Select(r => new
            {
                subject = r.Subject, orders = r.Load.Latencies.Length, errors = r.Load.Errors, ordersPerSecond = r.Load.Rate,
                events = r.Lags.Latencies.Length, p50 = r.Lags.Percentile(0.5), p99 = r.Lags.Percentile(0.99),
                p999 = r.Lags.Percentile(0.999), most = r.Lags.Percentile(1),
            }),
            Findings.Failed(rounds.Select(r => (r.Subject, r.Load))));
    }

    private static async Task<IReadOnlyList<LagRound>> Follow(Workbench bench, Func<Task<Subject>> start, CancellationToken cancel)
    {
        var settings = bench.Settings;
        bench.Tell("starting a subject");
        await using var subject = await start();
        using var client = new OrderClient(subject.Address, settings.Customers);
        bench.Tell($"{subject.Name}: stocking and warming up");
        await client.Stock(cancel);
        await Load.Closed(client, settings.Customers, settings.WarmUp, seed: 0, cancel);
        bench.Tell($"{subject.Name}: how much it can do");
        var rate = (await Load.Closed(client, settings.Customers, settings.Time, seed: 1, cancel)).Rate / 2;
        if (!(rate > 0)) throw new BenchException($"{subject.Name} served no order: there is no half load.");
        var rounds = new List<LagRound>();
        for (var n = 1; n <= settings.Rounds; n++)
        {
            bench.Tell($"{subject.Name}: followed at {rate:0} orders a second, round {n} of {settings.Rounds}");
            await using var follower = await EventFollower.Start(subject.Address, cancel);
            var load = await Load.Open(client, rate, settings.Time, seed: n + 1, cancel);
            await follower.Completed(load.Latencies.Length, Patience, cancel);
            rounds.Add(new LagRound(subject.Name, load, new Loaded(load.Seconds, follower.Lags, 0, null)));
        }

        return rounds;
    }
}
