namespace Commerce.Replay;

/// <summary>What the rows of one invoice number are.</summary>
internal enum InvoiceKind
{
    /// <summary>Goods and services sold.</summary>
    Sale,

    /// <summary>What was sold, taken back.</summary>
    Cancellation,

    /// <summary>Stock found or lost: price zero and no customer.</summary>
    Correction,

    /// <summary>Neither, such as the adjustment of a bad debt: a charge where the price is above zero, else a credit.</summary>
    Other,
}

/// <summary>Lines, invoices, units and pence: what is compared, in all and for each day.</summary>
internal readonly record struct Totals(long Lines, long Invoices, long Units, long Pence)
{
    public static Totals operator +(Totals a, Totals b) =>
        new(a.Lines + b.Lines, a.Invoices + b.Invoices, a.Units + b.Units, a.Pence + b.Pence);
}

/// <summary>All rows of one invoice number. It is one document, so its time and day are those of its first line.</summary>
internal sealed record Invoice(string No, InvoiceKind Kind, IReadOnlyList<RetailRow> Rows)
{
    private const int MaxLines = 2_000;

    /// <summary>The time of its first line; a few invoices of the data run over into the next minute.</summary>
    public DateTimeOffset At => Rows[0].At;

    /// <summary>The day it counts on.</summary>
    public DateOnly Day => DateOnly.FromDateTime(At.UtcDateTime);

    public string? Customer => Rows[0].Customer;

    /// <summary>As the file spells it.</summary>
    public string Country => Rows[0].Country;

    /// <summary>Of all its rows.</summary>
    public Totals Totals => new(Rows.Count, 1, Rows.Sum(r => r.Quantity), Rows.Sum(r => r.Pence));

    /// <summary>The invoices of the rows, by time and then by number; their rows keep the file's order.</summary>
    public static IReadOnlyList<Invoice> Of(IReadOnlyList<RetailRow> rows) =>
    [
        .. rows.GroupBy(r => r.InvoiceNo, StringComparer.Ordinal).Select(g => From(g.Key, [.. g]))
            .OrderBy(i => i.At).ThenBy(i => i.No, StringComparer.Ordinal),
    ];

    private static Invoice From(string no, List<RetailRow> rows)
    {
        if (rows.Count > MaxLines)
            throw new ReplayException($"Invoice {no} has {rows.Count} lines; an order takes at most {MaxLines}.");
        var kinds = rows.Select(r => (Row: r, Kind: KindOf(r))).ToList();
        if (kinds.FirstOrDefault(k => k.Kind != kinds[0].Kind) is { Row: { } other } odd)
        {
            throw new ReplayException(
                $"Invoice {no} mixes kinds: line {rows[0].Line} is a {Word(kinds[0].Kind)}, line {other.Line} a {Word(odd.Kind)}. " +
                "One invoice must be one of them; split it in the file.");
        }
        if (rows.Find(r => r.Customer != rows[0].Customer) is { } stranger)
        {
            throw new ReplayException(
                $"Invoice {no} has two customers: '{rows[0].Customer}' in line {rows[0].Line}, '{stranger.Customer}' in line " +
                $"{stranger.Line}.");
        }
        return new(no, kinds[0].Kind.Kind, rows);
    }

    private static (InvoiceKind Kind, bool Negative) KindOf(RetailRow row) => row switch
    {
        { InvoiceNo: ['A', ..], Quantity: > 0 } => (InvoiceKind.Other, row.UnitPrice < 0),
        { InvoiceNo: ['C', ..], Quantity: < 0, UnitPrice: >= 0 } => (InvoiceKind.Cancellation, false),
        { InvoiceNo: [>= '0' and <= '9', ..], Quantity: > 0, UnitPrice: >= 0 } => (InvoiceKind.Sale, false),
        { InvoiceNo: [>= '0' and <= '9', ..], Quantity: < 0, UnitPrice: 0, Customer: null } => (InvoiceKind.Correction, false),
        _ => throw new ReplayException(
            $"Line {row.Line}: invoice {row.InvoiceNo} with quantity {row.Quantity}, {row.UnitPrice} pence " +
            $"and {(row.Customer is null ? "no customer" : $"customer {row.Customer}")} is neither a sale (digits, quantity and price " +
            "not negative), nor a cancellation (C, quantity negative), nor a stock correction (digits, quantity negative, price zero, no " +
            "customer), nor another adjustment (A, quantity positive)."),
    };

    private static string Word((InvoiceKind Kind, bool Negative) kind) => kind switch
    {
        (InvoiceKind.Correction, _) => "stock correction",
        (InvoiceKind.Other, true) => "credit",
        (InvoiceKind.Other, false) => "charge",
        _ => kind.Kind.ToString().ToLowerInvariant(),
    };
}
