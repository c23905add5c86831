using Commerce.Bench.Data;

namespace Commerce.Bench.Sections.Growing;

/// <summary>What one more order costs after many: installations of different size side by side, each with databases of its own.</summary>
internal static class OfOrders
{
    private const double Flat = 1.15;

    /// <summary>Measures.</summary>
    /// <param name="turns">With what.</param>
    /// <param name="grown">The smallest first.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<Part> Measure(Turns turns, IReadOnlyList<Installation> grown, CancellationToken cancel)
    {
        var contenders = grown.Select(i => Contender(turns, i, new Assortment())).ToList();
        if (!turns.Bench.Settings.Quick) contenders.Add(Contender(turns, grown[^1], new Assortment(Sorted: false)));
        var rounds = await turns.Run(contenders, cancel);
        foreach (var one in contenders) one.Client.Dispose();

        var first = Turns.Cpu(rounds, contenders[0].Name);
        return new Part(
            "An order after many others; CPU compared with the first row's",
            Turns.Columns,
            [
                Goal.Plain(contenders[0].Name, Turns.Cells(rounds, contenders[0].Name)),
                .. contenders.Skip(1).Select(c => Goal.AtMost(
                    c.Name, Turns.Cells(rounds, c.Name), Figures.Ratio(Turns.Cpu(rounds, c.Name), first).Middle, Flat)),
            ],
            rounds,
            Turns.Bars("CPU an order, by how many there were before", [.. contenders.Select(c => c.Name)], rounds));
    }

    // Random keys find the pages of an index in no order, so they tell what its size costs; sorted ones come to where the last one was.
    private static Contender Contender(Turns turns, Installation grown, Assortment assortment) => new(
        $"after {grown.Orders:#,0} orders{(assortment.Sorted ? "" : ", random keys")}", grown.Subject,
        new OrderClient(grown.Subject.Address, turns.Bench.Settings.Customers, assortment));
}
