namespace Commerce.Bench;

/// <summary>The age of an event on arrival at a subscriber, at half of the system's highest rate.</summary>
internal sealed class LagSection : ISection
{
    private const double WantedMilliseconds = 50;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "lag";

    public string About =>
        "From an event's time, which is just before its commit, to its arrival at a client of `/orders/events`; half of the highest rate.";

    public Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel) => bench.WithPostgres(
        async postgres =>
        {
            var samples = new List<(LoadSample Orders, LoadSample Events)>();
            foreach (var (_, start) in bench.Product(postgres.ConnectionString, cancel)) await Follow(bench, start, samples, cancel);
            return Report(new SampleSet([.. samples.Select(s => s.Orders)]), new SampleSet([.. samples.Select(s => s.Events)]));
        },
        cancel);

    internal static SectionFindings Report(SampleSet orders, SampleSet events)
    {
        Figure[] figures = [Figure.Rate with { Name = "events a second" }, Figure.P50, Figure.P99, Figure.P999];
        var table = events.Table(
            "Event lag at half of the highest rate", figures, Figure.P99.Name,
            name => Goal.AtMost(events.Median(name, Figure.P99.Of), WantedMilliseconds, "ms"));
        return new SectionFindings(
            [
                table with
                {
                    Columns = [Figure.Column(Figure.Rate), .. table.Columns],
                    Rows = [.. table.Rows.Select(r => r with { Values = [orders.Of(r.Name, s => s.Rate), .. r.Values] })],
                },
            ],
            orders.Problem());
    }

    private static async Task Follow(
        BenchContext bench, Func<Task<SystemUnderTest>> start, List<(LoadSample, LoadSample)> samples, CancellationToken cancel)
    {
        var options = bench.Options;
        bench.Tell("starting a system");
        await using var system = await start();
        using var client = new OrderClient(system.Address, options.Clients);
        bench.Tell($"{system.Name}: receiving stock and warming up");
        await client.Stock(cancel);
        await LoadGenerator.Closed(client.Order, options.Clients, options.WarmUp, seed: 0, cancel);
        bench.Tell($"{system.Name}: its highest rate");
        var rate = (await LoadGenerator.Closed(client.Order, options.Clients, options.Time, seed: 1, cancel)).Rate / 2;
        if (!(rate > 0)) throw new BenchException($"{system.Name} served no order: there is no half of its rate.");
        for (var n = 1; n <= options.Rounds; n++)
        {
            bench.Tell($"{system.Name}: followed at {rate:0} orders a second, round {n} of {options.Rounds}");
            await using var follower = await EventFollower.Start(
                system.Address, () => client.Order(new Random(n), cancel), Patience, cancel);
            var load = await LoadGenerator.Open(client.Order, rate, options.Time, seed: n + 1, cancel);
            if (!await follower.HasCompleted(load.Latencies.Length, Patience, cancel))
                throw new BenchException($"{system.Name}: not every order's last event has come to its follower.");
            samples.Add((new LoadSample(system.Name, load), new LoadSample(system.Name, load with { Latencies = follower.Lags })));
        }
    }
}
