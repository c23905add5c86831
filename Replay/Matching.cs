namespace Commerce.Replay;

/// <summary>Units of a cancellation line that go back to one line of an earlier order.</summary>
/// <param name="Line">The order's line, from 1.</param>
internal sealed record Match(Invoice Order, int Line, long Units);

/// <summary>A cancellation line: what of it is matched, and the units for which there is no earlier order.</summary>
internal sealed record CancelledLine(RetailRow Row, IReadOnlyList<Match> Matches, long Rest);

/// <summary>
/// A cancellation does not name the invoice it cancels. It is matched to earlier sales of the same customer, code and price that have
/// units left, from the file alone: first to a line with exactly its quantity, else to the latest lines, one after the other.
/// </summary>
internal static class Matching
{
    /// <summary>The lines of every cancellation, by its invoice number. <paramref name="invoices"/> are in order of time.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<CancelledLine>> Of(IReadOnlyList<Invoice> invoices)
    {
        var sold = new Dictionary<(string Customer, string Sku, decimal Price), List<Sold>>();
        var matched = new Dictionary<string, IReadOnlyList<CancelledLine>>();
        foreach (var invoice in invoices)
        {
            if (invoice.Kind == InvoiceKind.Sale) Add(sold, invoice);
            if (invoice.Kind == InvoiceKind.Cancellation) matched[invoice.No] = [.. invoice.Rows.Select(r => Cancel(sold, r))];
        }
        return matched;
    }

    private static void Add(Dictionary<(string, string, decimal), List<Sold>> sold, Invoice invoice)
    {
        if (invoice.Customer is null) return;
        for (var i = 0; i < invoice.Rows.Count; i++)
        {
            var row = invoice.Rows[i];
            // A line that had to be rounded cannot be given back in parts that are whole pence.
            if (!WholePence(row.UnitPrice, row.Quantity)) continue;
            var key = (invoice.Customer, row.Sku, row.UnitPrice);
            if (!sold.TryGetValue(key, out var lines)) sold[key] = lines = [];
            lines.Add(new(invoice, i + 1) { Left = row.Quantity });
        }
    }

    private static CancelledLine Cancel(Dictionary<(string, string, decimal), List<Sold>> sold, RetailRow row)
    {
        var rest = -row.Quantity;
        var matches = new List<Match>();
        if (row.Customer is null
            || !WholePence(row.UnitPrice, rest)
            || !sold.TryGetValue((row.Customer, row.Sku, row.UnitPrice), out var lines)) return new(row, matches, rest);
        var latestFirst = Enumerable.Reverse(lines).Where(l => l.Left > 0).ToList();
        var exact = latestFirst.Find(l => l.Left == rest);
        foreach (var line in exact is null ? latestFirst : [exact])
        {
            var units = Math.Min(line.Left, rest);
            if (units == 0 || !WholePence(row.UnitPrice, units)) continue;
            matches.Add(new(line.Order, line.Line, units));
            line.Left -= units;
            rest -= units;
        }
        return new(row, matches, rest);
    }

    private static bool WholePence(decimal price, long units) => price * units % 1 == 0;

    private sealed record Sold(Invoice Order, int Line)
    {
        public long Left { get; set; }
    }
}
