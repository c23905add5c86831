namespace Commerce.Replay;

/// <summary>What the sales report and the ledger say about a set of documents. Refunds and credits are above zero.</summary>
internal readonly record struct SalesFigures(long Orders, long Lines, long Units, long Gross, long Refunds, long Credits)
{
    public static SalesFigures Of(SalesDay d) => new(d.Orders, d.Lines, d.Units, d.Gross, d.Refunds, d.Credits);

    public static SalesFigures Of(IEnumerable<LedgerLine> bookings) =>
        bookings.Aggregate(default(SalesFigures), (sum, b) => b.Document switch
    {
        DocumentKind.Order => sum with
        {
            Orders = sum.Orders + 1,
            Lines = sum.Lines + b.Lines.Count,
            Units = sum.Units + b.Lines.Sum(l => l.Units),
            Gross = sum.Gross + b.Pence,
        },
        DocumentKind.Return => sum with { Refunds = sum.Refunds - b.Pence },
        DocumentKind.CreditNote => sum with { Credits = sum.Credits - b.Pence },
        _ => sum,
    });

    public static IReadOnlyList<string> Differences(string what, SalesFigures expected, SalesFigures found, SalesFigures others)
    {
        var figures = new (string Name, Func<SalesFigures, long> Of)[]
        {
            ("orders", f => f.Orders), ("lines", f => f.Lines), ("units", f => f.Units), ("gross", f => f.Gross),
            ("refunds", f => f.Refunds), ("credits", f => f.Credits),
        };
        return
        [
            .. figures.Where(f => f.Of(expected) != f.Of(found)).Select(f =>
                $"{what}, {f.Name}: expected {f.Of(expected)}, found {f.Of(found)}" +
                Why(f.Of(found) - f.Of(expected), f.Of(others), others != default)),
        ];
    }

    /// <summary>The end of a sentence about a difference: whether documents of others on the same days explain it.</summary>
    public static string Why(long difference, long ofOthers, bool thereAreOthers) => (difference == ofOthers, thereAreOthers) switch
    {
        (true, _) => "; documents that are not in the file account for all of it.",
        (false, true) => $"; documents that are not in the file account for {ofOthers} of the {difference}.",
        (false, false) => ".",
    };
}
