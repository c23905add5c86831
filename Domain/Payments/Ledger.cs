using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Payments;

/// <summary>The entries of all that moves money or changes what is owed. Each goes from one account to another.</summary>
public static class Ledger
{
    /// <summary>A capture: the provider now holds what the customer owed.</summary>
    public static LedgerEntry Captured(string payment, string order, string movement, Money amount, DateTimeOffset occurredAt) =>
        LedgerEntry.Of(
            $"{payment}/capture/{movement}", occurredAt, $"Captured for {movement}", order, amount,
            Accounts.ProviderClearing, Accounts.Receivable);

    /// <summary>A refund: the provider gave money back, of a sale or of what was taken without one.</summary>
    public static LedgerEntry Refunded(string payment, string order, PaymentMovement movement, Money amount) => LedgerEntry.Of(
        $"{payment}/refund/{movement.Id}", movement.OccurredAt, $"Refunded for {movement.Id}", order, amount,
        movement.Unearned ? Accounts.Receivable : Accounts.Refunds, Accounts.ProviderClearing);

    /// <summary>A shipment: it is sold, and the customer owes it.</summary>
    public static LedgerEntry Shipped(string order, ShipmentCompleted fact) => LedgerEntry.Of(
        $"{order}/shipment/{fact.ShipmentId}", fact.ShippedAt, $"Shipment {fact.ShipmentId}", order, fact.Amount,
        Accounts.Receivable, Accounts.Sales);

    /// <summary>What of a return's money the payment method did not take: we owe it to the customer.</summary>
    public static LedgerEntry Returned(string order, ReturnCompleted fact) => LedgerEntry.Of(
        $"{order}/return/{fact.ReturnId}", fact.ReturnedAt, $"Return {fact.ReturnId}, to the customer's credit", order,
        fact.Amount with { Minor = fact.Credited }, Accounts.Refunds, Accounts.CustomerCredit);

    /// <summary>A credit note: we owe it to the customer.</summary>
    public static LedgerEntry Credited(string creditNote, CreditNoteIssued fact) => LedgerEntry.Of(
        creditNote, fact.IssuedAt, $"Credit note: {fact.Reason}", creditNote, fact.Total, Accounts.Refunds, Accounts.CustomerCredit);

    /// <summary>The entry that another capability's fact calls for, or null when it moves no money that is not booked elsewhere.</summary>
    public static LedgerEntry? Of(string key, object fact) => fact switch
    {
        ShipmentCompleted { Amount.Minor: > 0 } shipped => Shipped(key, shipped),
        ReturnCompleted { Credited: > 0 } returned => Returned(key, returned),
        CreditNoteIssued { Total.Minor: > 0 } credited => Credited(key, credited),
        _ => null,
    };
}
