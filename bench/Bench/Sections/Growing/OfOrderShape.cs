using System.Globalization;
using Commerce.Bench.Data;

namespace Commerce.Bench.Sections.Growing;

/// <summary>How rate and cost depend on what is ordered: how many products there are to choose from, how many lines an order has.</summary>
internal static class OfOrderShape
{
    private const double Hot = 1.0 / 3;
    private const double Flat = 1.15;

    /// <summary>One SKU wanted by everyone, and many, the smallest number first.</summary>
    public static async Task<Part> Products(Turns turns, Installation at, IReadOnlyList<int> numbers, CancellationToken cancel)
    {
        turns.Bench.Tell($"stocking {numbers[^1]:#,0} products");
        using (var all = new OrderClient(at.Subject.Address, 16, new Assortment(numbers[^1]))) await all.Stock(cancel);
        var (names, rounds) = await Run(
            turns, at, numbers, n => n == 1 ? "1 SKU, wanted by everyone" : $"{n:#,0} SKUs", n => new Assortment(n), cancel);
        var spread = Turns.Rate(rounds, names[^1]);
        return new Part(
            $"Few products, and many; rate compared with that of {numbers[^1]:#,0}",
            Turns.Columns,
            [
                .. names.SkipLast(1).Select(name => Goal.AtLeast(
                    name, Turns.Cells(rounds, name), Figures.Ratio(Turns.Rate(rounds, name), spread).Middle, Hot)),
                Goal.Plain(names[^1], Turns.Cells(rounds, names[^1])),
            ],
            rounds);
    }

    /// <summary>Orders with few lines and with many, the smallest number first.</summary>
    public static async Task<Part> Lines(Turns turns, Installation at, IReadOnlyList<int> numbers, CancellationToken cancel)
    {
        var (names, rounds) = await Run(
            turns, at, numbers, n => n == 1 ? "1 line" : $"{n} lines", n => new Assortment(Lines: n), cancel);
        var perLine = names.Zip(numbers, (name, n) => Turns.Cpu(rounds, name).Select(c => c / n).ToList()).ToList();
        return new Part(
            "Short orders, and long ones; a line's CPU compared with the row before",
            ["CPU ms a line", .. Turns.Columns],
            [
                Goal.Plain(names[0], [Text(perLine[0]), .. Turns.Cells(rounds, names[0])]),
                .. names.Skip(1).Select((name, i) => Goal.AtMost(
                    name, [Text(perLine[i + 1]), .. Turns.Cells(rounds, name)],
                    Figures.Ratio(perLine[i + 1], perLine[i]).Middle, Flat)),
            ],
            rounds);
    }

    private static string Text(IReadOnlyList<double> values) => Figures.Median(values).ToString("0.000", CultureInfo.InvariantCulture);

    private static async Task<(IReadOnlyList<string> Names, IReadOnlyList<Round> Rounds)> Run(
        Turns turns, Installation at, IReadOnlyList<int> numbers, Func<int, string> name, Func<int, Assortment> of,
        CancellationToken cancel)
    {
        var contenders = numbers.Select(n => new Contender(
            name(n), at.Subject, new OrderClient(at.Subject.Address, turns.Bench.Settings.Customers, of(n)))).ToList();
        var rounds = await turns.Run(contenders, cancel);
        foreach (var one in contenders) one.Client.Dispose();
        return ([.. contenders.Select(c => c.Name)], rounds);
    }
}
