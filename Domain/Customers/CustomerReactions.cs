using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Customers;

/// <summary>What customers learn from orders: their lifetime figures and their timeline.</summary>
public static class CustomerReactions
{
    /// <summary>Follows Orders.</summary>
    public static readonly Reaction FromOrders = new(
        "customers-from-orders",
        "Orders",
        [typeof(OrderConfirmed), typeof(OrderClosed), typeof(ShipmentCompleted), typeof(ReturnCompleted), typeof(CreditNoteIssued)],
        React);

    private static Task React(FactContext delivery)
    {
        var document = delivery.Recorded.Entity.Key;
        var at = delivery.Recorded.At;
        return delivery.Fact switch
        {
            OrderConfirmed f => Record(delivery, f.CustomerId, new(ActivityKind.OrderConfirmed, document, f.Total, f.OrderedAt)),
            OrderClosed f => Record(delivery, f.CustomerId, new(ActivityKind.OrderClosed, document, Money.Zero(f.Total.Currency), at)),
            ShipmentCompleted f => Record(delivery, f.CustomerId, new(ActivityKind.Charged, document, f.Amount, f.ShippedAt)),
            ReturnCompleted f => Record(delivery, f.CustomerId, new(ActivityKind.Returned, document, f.Amount, f.ReturnedAt)),
            CreditNoteIssued f => Record(delivery, f.CustomerId, new(ActivityKind.Returned, document, f.Total, f.IssuedAt)),
            _ => throw new InvalidOperationException($"{FromOrders.Name} does not handle {delivery.Fact.GetType().Name}."),
        };
    }

    // Guests have no figures. A customer that does not exist cannot have ordered, so any refusal is worth an operator's eye.
    private static async Task Record(FactContext delivery, string? customerId, OrderActivity activity)
    {
        if (customerId is null) return;
        var answer = await delivery.Entities.Get<ICustomer>(customerId).RecordActivity(activity, delivery.Call);
        if (!answer.Accepted) throw new InvalidOperationException(answer.Refusal.Detail);
    }
}
