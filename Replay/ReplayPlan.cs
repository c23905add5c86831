using System.Security.Cryptography;
using System.Text.Json;

namespace Commerce.Replay;

/// <summary>A request that changes something. Its key is made of its subject and its content, so that it can be sent again.</summary>
internal sealed record Request<T>(string About, string Key, T Body) where T : class
{
    public static Request<T> Of(string about, T body)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, Wire.Json)));
        return new(about, $"replay-{Uri.EscapeDataString(about.Replace(' ', '-'))}-{digest[..12]}", body);
    }
}

/// <summary>The same, with the type of its body inferred.</summary>
internal static class ReplayRequest
{
    public static Request<T> Of<T>(string about, T body) where T : class => Request<T>.Of(about, body);
}

/// <summary>An order: placed, then shipped.</summary>
internal sealed record PlannedOrder(string Id, int Lines, Request<NewOrder> Place, Request<NewShipment> Ship);

/// <summary>Units of a SKU that must be received before anything is sold.</summary>
internal sealed record PlannedReceipt(string Sku, long Units, Request<ReceiveStock> Request);

/// <summary>A row of a cancellation and the document lines that it became: one, unless it had to be split.</summary>
internal sealed record CancelledRow(IReadOnlyList<(string Booking, int Line)> Pieces, bool Matched);

/// <summary>All that is to be sent for one file, and the books as they must look afterwards. Made from the file alone.</summary>
internal sealed record ReplayPlan(
    RetailFile File,
    IReadOnlyList<Invoice> Invoices,
    IReadOnlyList<(string Id, Request<NewCustomer> Request)> Customers,
    IReadOnlyList<(string Sku, Request<NewProduct> Request)> Products,
    IReadOnlyList<PlannedReceipt> Receipts,
    IReadOnlyList<PlannedOrder> Orders,
    IReadOnlyList<(string Sku, Request<AdjustStock> Request)> Corrections,
    IReadOnlyList<(string Order, Request<NewReturn> Request)> Returns,
    IReadOnlyList<(string Id, Request<NewCreditNote> Request)> CreditNotes,
    IReadOnlyList<LedgerLine> Bookings,
    IReadOnlyList<CancelledRow> Cancelled,
    IReadOnlyDictionary<string, long> StockChange)
{
    public DateOnly From => Invoices[0].Day;

    public DateOnly To => Invoices.Max(i => i.Day);

    /// <summary>The file's own figures, by kind.</summary>
    public Totals Totals(InvoiceKind kind, DateOnly? day = null) =>
        Invoices.Where(i => i.Kind == kind && (day is null || i.Day == day)).Aggregate(default(Totals), (sum, i) => sum + i.Totals);
}
