using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What orders report to customers, for their lifetime figures and their timeline.</summary>
/// <remarks>It belongs to Orders because Orders depends on Customers, and Customers does not depend on Orders.</remarks>
public static class CustomerActivity
{
    /// <summary>Follows the orders' own facts.</summary>
    public static readonly Reaction ToCustomers = new(
        "orders-to-customers",
        "Orders",
        [
            typeof(OrderConfirmed), typeof(OrderClosed), typeof(ShipmentCompleted), typeof(ReturnCompleted), typeof(RefundNoted),
            typeof(CreditNoteIssued), typeof(OrderErasureCompleted),
        ],
        React);

    private static Task React(FactContext delivery)
    {
        var document = delivery.Recorded.Entity.Key;
        var at = delivery.Recorded.At;
        return delivery.Fact switch
        {
            OrderConfirmed f => Record(delivery, f.CustomerId, new(ActivityKind.OrderConfirmed, document, f.Total, f.OrderedAt)),
            OrderClosed f => Record(delivery, f.CustomerId, new(ActivityKind.OrderClosed, document, Money.Zero(f.Total.Currency), at)),
            ShipmentCompleted f => Record(delivery, f.CustomerId, new(ActivityKind.Shipped, document, f.Amount, f.ShippedAt)),
            ReturnCompleted f => Record(delivery, f.CustomerId, new(ActivityKind.Refunded, document, f.Refunded, f.ReturnedAt)),
            RefundNoted f => Record(delivery, f.CustomerId, new(KindOf(f), document, f.Amount, f.OccurredAt)),
            OrderErasureCompleted f => NoteErased(delivery, f.CustomerId, document),
            CreditNoteIssued f => Record(delivery, f.CustomerId, new(ActivityKind.Refunded, document, f.Total, f.IssuedAt)),
            _ => throw new InvalidOperationException($"{ToCustomers.Name} does not handle {delivery.Fact.GetType().Name}."),
        };
    }

    private static ActivityKind KindOf(RefundNoted fact) => fact.Kind switch
    {
        RefundKind.Allowance => ActivityKind.Refunded,
        RefundKind.Prepayment => ActivityKind.PrepaymentRefunded,
        RefundKind.CustomerCredit => ActivityKind.CreditPaidOut,
        _ => throw new InvalidOperationException($"{ToCustomers.Name} does not know the refund {fact.Kind}."),
    };

    private static async Task NoteErased(FactContext delivery, string? customerId, string document)
    {
        if (customerId is not null)
            await delivery.Entities.Get<ICustomer>(customerId).NoteErased(new ErasedDocument(document), delivery.Call);
    }

    // Guests have no figures. A customer that does not exist cannot have ordered, so any refusal is worth an operator's eye.
    private static async Task Record(FactContext delivery, string? customerId, OrderActivity activity)
    {
        if (customerId is null) return;
        var answer = await delivery.Entities.Get<ICustomer>(customerId).RecordActivity(activity, delivery.Call);
        if (!answer.Accepted) throw new InvalidOperationException(answer.Refusal.Detail);
    }
}
