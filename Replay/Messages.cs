using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Commerce.Replay;

// What goes over the wire, as the gateway's OpenAPI document describes it; only what this client sends or reads.

internal static class Wire
{
    public const string Currency = "GBP";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

internal sealed record Money(long Minor, string Currency);

internal sealed record Address(string Line1, string City, string Country);

internal sealed record RegisterCustomer(string Id, string Name, string Email, IReadOnlyDictionary<string, Address> Addresses);

internal sealed record Price(string Currency, decimal UnitPrice);

internal sealed record CreateProduct(string Sku, string Name, string Kind, IReadOnlyList<Price>? Prices);

internal sealed record ReceiveStock(long Quantity, string Reference, DateTimeOffset OccurredAt);

internal sealed record AdjustStock(long Change, string Reason, string Reference, DateTimeOffset OccurredAt);

internal sealed record Guest(string Name);

internal sealed record PlaceLine(string Sku, long Quantity, decimal UnitPrice);

internal sealed record PlaceOrder(
    string Id, string? CustomerId, Guest? Guest, string Currency, IReadOnlyList<PlaceLine> Lines, Address ShippingAddress,
    string? PaymentMethod, DateTimeOffset OrderedAt, string Reference);

internal sealed record ShipOrder(string Id, DateTimeOffset ShippedAt);

internal sealed record LineQuantity(int Line, long Quantity);

internal sealed record ReturnItems(
    string Id, IReadOnlyList<LineQuantity> Lines, string Reason, string Reference, DateTimeOffset ReturnedAt);

internal sealed record CreditLine(string Sku, long Quantity, decimal UnitPrice, bool Restock);

internal sealed record IssueCreditNote(
    string Id, string? CustomerId, string Currency, IReadOnlyList<CreditLine> Lines, string Reason, string Reference,
    DateTimeOffset IssuedAt);

internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

internal sealed record CustomerView(string Id);

internal sealed record ProductView(string Sku, string Kind);

internal sealed record StockLevel(string Sku, long OnHand, long Held);

internal sealed record StockMovement(
    string Sku, string Kind, long Units, string? Reason, string? Reference, DateTimeOffset OccurredAt, long Version);

internal sealed record OrderSummary(string Id, string Status);

internal sealed record OrderLine(int Line, string Sku, long Quantity, decimal UnitPrice, long Total, long Shipped, long Returned);

internal sealed record ReturnView(
    string Id, string Status, IReadOnlyList<LineQuantity> Lines, long Amount, string? Reference, DateTimeOffset ReturnedAt,
    string? RefundedTo);

internal sealed record OrderView(
    string Id, string Status, bool Settled, string? Waiting, string? Reason, string? CustomerId, Money Total,
    IReadOnlyList<OrderLine> Lines, IReadOnlyList<ReturnView> Returns, string? PaymentId, string? Reference, DateTimeOffset OrderedAt);

internal sealed record PaymentView(string Id, string Status, long Authorized, long Captured, long Refunded);

internal sealed record CreditedLine(int Line, string Sku, long Quantity, decimal UnitPrice, long Total, bool Restock);

internal sealed record CreditNoteView(
    string Id, string Status, string? CustomerId, Money Total, IReadOnlyList<CreditedLine> Lines, string? Reference,
    DateTimeOffset IssuedAt);

internal sealed record SalesDay(
    DateOnly Day, string Currency, long Orders, long Lines, long Units, long Gross, long Refunds, long Credits);

internal sealed record SalesReport(IReadOnlyList<SalesDay> Days);

internal sealed record AccountBalance(string Currency, string Account, long Debit, long Credit);

internal sealed record TrialBalance(bool Balanced, IReadOnlyList<AccountBalance> Rows);

internal sealed record SubscriptionLag(string Subscription, long Facts);

internal sealed record Subscriptions(IReadOnlyList<SubscriptionLag> Lag);

internal sealed record ReadModelStatus(string Name, long Lag);

/// <summary>An RFC 9457 problem, as far as a person needs it.</summary>
internal sealed record Problem(string? Code, string? Title, string? Detail, string? Remedy, string? Field)
{
    public string InWords => string.Join(' ', new[] { Detail ?? Title ?? Code ?? "no reason given", Remedy }.Where(t => t is not null));
}
