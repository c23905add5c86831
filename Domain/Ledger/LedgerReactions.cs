using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Ledger;

/// <summary>
/// Which facts are booked, and how. An entry is named after what it books, so a fact that is delivered again is not booked again.
/// </summary>
public static class LedgerReactions
{
    /// <summary>What is sold, and what of it is given back, is booked.</summary>
    public static readonly Reaction FromOrders = new(
        "ledger-from-orders", "Orders",
        [
            typeof(ShipmentCompleted), typeof(ReturnCompleted), typeof(RefundNoted), typeof(OrderClosed), typeof(RestReleased),
            typeof(CreditNoteIssued),
        ],
        Book);

    /// <summary>What moves through a payment provider is booked.</summary>
    public static readonly Reaction FromPayments = new(
        "ledger-from-payments", "Payments", [typeof(PaymentCaptured), typeof(PaymentRefunded)], Book);

    /// <summary>The entry that a fact calls for, or null when it moves no money that is not booked elsewhere.</summary>
    /// <param name="key">The key of the entity whose fact it is.</param>
    /// <param name="at">When it was recorded.</param>
    /// <param name="fact">One that the reactions follow.</param>
    public static LedgerEntry? EntryOf(string key, DateTimeOffset at, object fact) => fact switch
    {
        ShipmentCompleted f => f.Amount.Minor > 0 ? Shipped(key, f) : null,
        ReturnCompleted f => f.Refunded.Minor > 0 ? Returned(key, f) : null,
        RefundNoted f => Noted(key, f),
        OrderClosed { Credited: > 0 } f => Kept($"{key}/closed", "not shipped", key, f.CustomerId, f.Total with { Minor = f.Credited }, at),
        RestReleased { Credited.Minor: > 0 } f => Kept($"{key}/overpaid", "not owed", key, f.CustomerId, f.Credited, at),
        OrderClosed or RestReleased => null,
        CreditNoteIssued f => f.Total.Minor > 0 ? Credited(key, f) : null,
        PaymentCaptured f => Captured(key, f),
        PaymentRefunded f => Refunded(key, f),
        _ => throw new InvalidOperationException($"The ledger does not book {fact.GetType().Name}."),
    };

    private static async Task Book(FactContext delivery)
    {
        if (EntryOf(delivery.Recorded.Entity.Key, delivery.Recorded.At, delivery.Fact) is not { } entry) return;
        var answer = await delivery.Entities.Get<ILedgerEntry>(entry.Id).Post(entry, delivery.Call);

        // The same entry again is accepted, so a refusal is money that would go unbooked: an operator must see it.
        if (answer.Refusal is { } no) throw new InvalidOperationException($"{entry.Id} could not be booked: {no.Detail} {no.Remedy}");
    }

    // It is sold, and the customer owes it.
    private static LedgerEntry Shipped(string order, ShipmentCompleted fact) => LedgerEntry.Of(
        $"{order}/shipment/{fact.ShipmentId}", fact.ShippedAt, $"Shipment {fact.ShipmentId}", order, fact.Amount,
        OrderAccounts.Receivable, OrderAccounts.Sales, fact.CustomerId);

    // Less is sold. The customer gets it back through the provider, or is owed what the payment method did not take.
    private static LedgerEntry Returned(string order, ReturnCompleted fact)
    {
        var refunded = fact.Refunded.Minor - fact.Credited;
        Posting[] owed =
        [
            new(OrderAccounts.Receivable.Name, 0, refunded, fact.CustomerId),
            new(OrderAccounts.CustomerCredit.Name, 0, fact.Credited, fact.CustomerId),
        ];
        return new LedgerEntry(
            $"{order}/return/{fact.ReturnId}", fact.ReturnedAt, $"Return {fact.ReturnId}", order, fact.Refunded.Currency,
            [new(OrderAccounts.Refunds.Name, fact.Refunded.Minor, 0), .. owed.Where(p => p.Credit > 0)]);
    }

    // Given back by hand. A prepayment was never sold, so its refund alone is booked.
    private static LedgerEntry? Noted(string order, RefundNoted fact) => fact.Kind switch
    {
        RefundKind.Allowance => LedgerEntry.Of(
            $"{order}/allowance/{fact.RefundId}", fact.OccurredAt, $"Allowance {fact.RefundId}", order, fact.Amount,
            OrderAccounts.Refunds, OrderAccounts.Receivable, fact.CustomerId),
        RefundKind.CustomerCredit => LedgerEntry.Of(
            $"{order}/credit_paid_out/{fact.RefundId}", fact.OccurredAt, $"Credit paid out by {fact.RefundId}", order, fact.Amount,
            OrderAccounts.CustomerCredit, OrderAccounts.Receivable, fact.CustomerId),
        _ => null,
    };

    // It was captured, nothing was sold for it, and the payment method did not take it.
    private static LedgerEntry Kept(string id, string why, string order, string? customer, Money amount, DateTimeOffset at) =>
        LedgerEntry.Of(
            id, at, $"Captured and {why}, to the customer's credit", order, amount,
            OrderAccounts.Receivable, OrderAccounts.CustomerCredit, customer);

    private static LedgerEntry Credited(string creditNote, CreditNoteIssued fact) => LedgerEntry.Of(
        creditNote, fact.IssuedAt, "Credit note", creditNote, fact.Total,
        OrderAccounts.Refunds, OrderAccounts.CustomerCredit, fact.CustomerId);

    // The provider now holds what the customer owed.
    private static LedgerEntry Captured(string payment, PaymentCaptured fact) => LedgerEntry.Of(
        $"{payment}/capture/{fact.Id}", fact.OccurredAt, $"Captured for {fact.Id}", fact.OrderId, fact.Amount,
        PaymentAccounts.ProviderClearing, OrderAccounts.Receivable, fact.CustomerId);

    // What it gave back is owed until the order says what it was: a return, an allowance, credit, or money that was never earned.
    private static LedgerEntry Refunded(string payment, PaymentRefunded fact) => LedgerEntry.Of(
        $"{payment}/refund/{fact.Id}", fact.OccurredAt, $"Refunded for {fact.Id}", fact.OrderId, fact.Amount,
        OrderAccounts.Receivable, PaymentAccounts.ProviderClearing, fact.CustomerId);
}
