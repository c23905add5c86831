using Commerce.Bench.Data;
using Commerce.Bench.Sections.Growing;

namespace Commerce.Bench.Sections;

/// <summary>How what an order costs grows with all that may grow.</summary>
internal sealed class Growth : ISection
{
    /// <summary>How many orders there are in the largest installation.</summary>
    public const int Most = 1_000_000;

    public string Name => "growth";

    public string About => "How cost grows: with orders, facts, products, lines, idle entities and silos.";

    public bool OnManyOrders => true;

    public async Task<Findings> Measure(Workbench bench, CancellationToken cancel)
    {
        var (quick, postgres) = (bench.Settings.Quick, await bench.Grown.Postgres(cancel));
        var turns = new Turns(bench, postgres.Server, postgres.Source);
        var installations = new List<Installation>();
        foreach (var orders in quick ? (int[])[1_000, 10_000] : [10_000, 100_000, Most])
            installations.Add(await bench.Grown.With(orders, cancel));
        List<Part> parts =
        [
            await OfOrders.Measure(turns, installations, cancel),
            await OfFacts.Measure(turns, quick ? 10_000 : 100_000, cancel),
            await OfOrderShape.Products(turns, installations[0], quick ? [1, 300] : [1, 100, 10_000], cancel),
            await OfOrderShape.Lines(turns, installations[0], quick ? [1, 16] : [1, 4, 16, 64], cancel),
        ];
        if (!quick) parts.Add(await OfIdleness.Measure(turns, installations, cancel));
        await bench.Grown.Stop();
        if (!quick) parts.Add(await OfSilos.Measure(turns, [1, 2, 3, 4], cancel));
        return Found(parts);
    }

    private static Findings Found(IReadOnlyList<Part> parts) => new(
        [.. parts.Select(p => Goal.Sheet(p.Title, p.Columns, p.Goals))],
        [.. parts.Select(p => p.Chart).OfType<Chart>()],
        parts.Select(p => new { p.Title, p.Goals, Rounds = p.Rounds.Select(Raw) }),
        Findings.Failed(parts.SelectMany(p => p.Rounds).Select(r => (r.Subject, r.Load))));

    private static object Raw(Round round) => new
    {
        name = round.Subject, seconds = round.Load.Seconds, orders = round.Load.Latencies.Length, errors = round.Load.Errors,
        used = round.Used,
    };
}
