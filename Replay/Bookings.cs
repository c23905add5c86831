namespace Commerce.Replay;

/// <summary>A line of a document. Units have the file's sign: negative where something came back or was lost.</summary>
internal sealed record BookedLine(int Line, string Sku, decimal UnitPrice, long Units);

/// <summary>What kind of document.</summary>
internal enum DocumentKind
{
    Order,
    Return,
    CreditNote,
    Adjustment,
}

/// <summary>
/// One document in the shop's books: an order, a return to one, a credit note, or the corrections of one SKU by one invoice. Both the
/// plan's documents and the API's are brought into this form and compared.
/// </summary>
/// <param name="Id">Names it for a person and for the comparison: <c>ord_536365</c>, <c>ord_536365/ret_C536379</c>.</param>
/// <param name="Document">What it is in the shop.</param>
/// <param name="Kind">What it is in the file.</param>
/// <param name="Invoice">The invoice it belongs to.</param>
/// <param name="At">When, in the business.</param>
/// <param name="Customer">Its id; null where there is none.</param>
/// <param name="Pence">With the file's sign.</param>
/// <param name="Flaw">What is not in order with it, in words.</param>
internal sealed record LedgerLine(
    string Id, DocumentKind Document, InvoiceKind Kind, string Invoice, DateTimeOffset At, string? Customer, long Pence,
    IReadOnlyList<BookedLine> Lines, string? Flaw = null)
{
    public DateOnly Day => DateOnly.FromDateTime(At.UtcDateTime);

    public static string ReturnId(string order, string returnId) => $"{order}/{returnId}";

    /// <summary>Stock adjustments have no id of their own: they are known by invoice and SKU.</summary>
    public static IEnumerable<LedgerLine> OfAdjustments(
        IEnumerable<(string? Reference, string Sku, long Units, DateTimeOffset At)> adjustments) =>
        adjustments.GroupBy(a => (a.Reference, a.Sku)).Select(g => new LedgerLine(
            $"adjustment of {g.Key.Sku} by {g.Key.Reference ?? "(no reference)"}",
            DocumentKind.Adjustment,
            InvoiceKind.Correction,
            g.Key.Reference ?? $"adjustment of {g.Key.Sku}",
            g.Min(a => a.At),
            null,
            0,
            [.. g.Select(a => a.Units).Order().Select((units, i) => new BookedLine(i + 1, g.Key.Sku, 0, units))]));
}
