using System.Diagnostics;

namespace Commerce.Bench.Sections.Growing;

/// <summary>
/// What an order costs on clusters of different size. On one machine no cluster is faster than another: it is the price of distribution
/// that is looked for. One cluster runs at a time, as those that wait would cost something, too.
/// </summary>
internal static class OfSilos
{
    private const double Limit = 1.25;
    private const int Warm = 5_000; // orders, after which the code of every process is compiled to the end

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Measures, the smallest number first.</summary>
    public static async Task<Part> Measure(Turns turns, IReadOnlyList<int> numbers, CancellationToken cancel)
    {
        var rounds = new List<Round>();
        foreach (var (silos, n) in turns.Bench.InTurns(numbers, turns.FewRounds, s => $"{Name(s)}:"))
            rounds.Add(await Round(turns, silos, n, cancel));
        var (first, names) = (Turns.Cpu(rounds, Name(numbers[0])), numbers.Select(Name).ToList());
        return new Part(
            "Clusters, small and large; CPU compared with the first row's",
            Turns.Columns,
            [
                Goal.Plain(names[0], Turns.Cells(rounds, names[0])),
                .. names.Skip(1).Select(name => Goal.AtMost(
                    name, Turns.Cells(rounds, name), Figures.Ratio(Turns.Cpu(rounds, name), first).Middle, Limit)),
            ],
            rounds,
            Turns.Bars("CPU an order, by the size of the cluster", names, rounds));
    }

    private static string Name(int silos) => silos == 1 ? "1 silo" : $"{silos} silos";

    // Databases of its own each time: what earlier silos left in the table of members is not waited for.
    private static async Task<Round> Round(Turns turns, int silos, int n, CancellationToken cancel)
    {
        await using var cluster = await Subject.Cluster(turns.Bench, turns.ConnectionString, silos, cancel, $"silos{silos}_{n}");
        using var client = new OrderClient(cluster.Address, turns.Bench.Settings.Customers);
        await client.Stock(cancel);
        var (served, since) = (0, Stopwatch.StartNew());
        for (var part = 1; served < Warm && since.Elapsed < Patience; part++)
        {
            var warmUp = await Load.Closed(client, turns.Bench.Settings.Customers, turns.Bench.Settings.WarmUp / 4, -part, cancel);
            served += warmUp.Latencies.Length;
        }

        return await turns.Round(new Contender(Name(silos), cluster, client), n, cancel);
    }
}
