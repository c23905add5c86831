using Commerce.Client;

namespace Commerce.Bench;

/// <summary>Reads among many orders: alone, and while orders come in at half of the highest rate.</summary>
internal sealed class ReadsSection : ISection
{
    private const int Readers = 16;

    private static readonly IReadOnlyList<Figure> Columns =
        [Figure.Rate with { Name = "requests a second" }, Figure.P50, Figure.P99];

    public string Name => "reads";

    public string About => "Getting an order, listing a customer's, sales by day: rate and latency, alone and while orders come in.";

    public bool UsesPrefilled => true;

    public async Task<SectionFindings> Measure(BenchContext bench, CancellationToken cancel)
    {
        var options = bench.Options;
        var prefilled = await bench.Prefilled(options.Quick ? 10_000 : GrowthSection.MostOrders, cancel);
        using var client = new CommerceClient(
            new CommerceOptions(prefilled.System.Address) { ApiKey = OrderClient.Key, Connections = Readers });
        using var writer = new OrderClient(prefilled.System.Address, options.Clients);
        var time = options.Time / (options.Quick ? 3 : 2);
        var reads = Reads(client, prefilled.Orders);
        foreach (var (_, read) in reads) await LoadGenerator.Closed(read, Readers, options.WarmUp / 8, 0, cancel);
        await LoadGenerator.Closed(writer.Order, options.Clients, options.WarmUp / 3, 0, cancel);
        var half = (await LoadGenerator.Closed(writer.Order, options.Clients, time, 1, cancel)).Rate / 2;

        var (samples, written) = (new List<LoadSample>(), new List<LoadSample>());
        foreach (var ((name, read), n) in bench.Alternate(reads, options.Quick ? 1 : options.Rounds, r => r.Name))
        {
            samples.Add(new LoadSample($"{name}, alone", await LoadGenerator.Closed(read, Readers, time, n, cancel)));
            var writing = LoadGenerator.Open(writer.Order, half, time, n, cancel);
            samples.Add(new LoadSample($"{name}, while orders come in", await LoadGenerator.Closed(read, Readers, time, n, cancel)));
            written.Add(new LoadSample($"beside {name}", await writing));
        }

        var (readers, orders) = (new SampleSet(samples), new SampleSet(written));
        return new SectionFindings(
            [
                readers.Table($"Reads among {prefilled.Orders:#,0} orders, {Readers} readers without a pause", Columns),
                orders.Table("Orders beside the readers, at half of the highest rate", [Figure.Rate, Figure.P50, Figure.P99]),
            ],
            readers.Problem("requests failed") ?? orders.Problem());
    }

    private static IReadOnlyList<(string Name, Func<Random, CancellationToken, Task> Read)> Reads(CommerceClient client, int orders) =>
    [
        ("get an order", async (random, cancel) =>
        {
            var order = await client.GetOrderAsync(PrefilledDatabase.OrderId(random.Next(orders)), cancel);
            Expect(order.Status == OrderStatus.Shipped, order);
        }),
        ("list a customer's orders", async (random, cancel) =>
        {
            var customer = PrefilledDatabase.CustomerId(random.Next(Math.Min(PrefilledDatabase.Customers, orders / 2)));
            var page = await client.ListOrdersAsync(customer: customer, limit: 20, cancellationToken: cancel);
            Expect(page.Items.Count > 0 && page.Items.All(o => o.CustomerId == customer), page);
        }),
        ("sales by day, a month", (random, cancel) => Sales(client, random.Next(30, PrefilledDatabase.Days), 30, cancel)),
        ("sales by day, 400 days", (_, cancel) => Sales(client, PrefilledDatabase.Days + 2, PrefilledDatabase.Days + 3, cancel)),
    ];

    private static async Task Sales(CommerceClient client, int daysAgo, int days, CancellationToken cancel)
    {
        var first = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(-daysAgo);
        var report = await client.ReportSalesAsync(first, first.AddDays(days - 1), "UTC", cancel);
        Expect(report.Days.Count > 0, report);
    }

    private static void Expect(bool isSo, object answer)
    {
        if (!isSo) throw new BenchException($"This is not the expected answer: {answer}");
    }
}
