using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Orders;

/// <summary>What orders learn from stock and payments: a hold or an authorization has gone, or a step need not wait any more.</summary>
public static class OrderReactions
{
    /// <summary>A hold of an order has expired.</summary>
    public static readonly Reaction FromInventory = new("orders-from-inventory", "Inventory", [typeof(HoldExpired)], React);

    /// <summary>
    /// Wakes an order when something has happened to its payment. A refused void is excluded: it would wake the order, which would request
    /// the next one.
    /// </summary>
    public static readonly Reaction FromPayments = new(
        "orders-from-payments",
        "Payments",
        [
            typeof(AuthorizationExpired), typeof(PaymentAuthorized), typeof(PaymentDeclined), typeof(PaymentCaptured),
            typeof(CaptureRefused), typeof(PaymentVoided), typeof(PaymentRefunded), typeof(RefundRefused),
        ],
        React);

    private static Task React(FactContext delivery) => delivery.Fact switch
    {
        HoldExpired f => HoldExpiredFor(delivery, f),
        AuthorizationExpired f => AuthorizationExpiredFor(delivery, f),
        ProviderAnswered { Awaited: true } => Task.CompletedTask,
        ProviderAnswered f => Continue(delivery, f.OrderId),
        _ => throw new InvalidOperationException($"Orders do not follow {delivery.Fact.GetType().Name}."),
    };

    // A hold is named ORDER/LINE; others than orders may hold stock under other names.
    private static Task HoldExpiredFor(FactContext delivery, HoldExpired fact)
    {
        var slash = fact.HoldId.IndexOf('/');
        if (slash < 0) return Task.CompletedTask;
        var line = fact.HoldId[(slash + 1)..];
        return CancelExpired(
            delivery, fact.HoldId[..slash], $"The hold on the stock of line {line} expired before everything had shipped.");
    }

    // An order that is being closed already has nothing left to cancel, but it may be waiting for just this to close.
    private static async Task AuthorizationExpiredFor(FactContext delivery, AuthorizationExpired fact)
    {
        await CancelExpired(delivery, fact.OrderId, "The authorization of its money expired before everything had shipped.");
        await Continue(delivery, fact.OrderId);
    }

    // An authorization without an order (made by hand) has none that could be cancelled: the refusal is the answer "no such order".
    private static async Task CancelExpired(FactContext delivery, string orderId, string reason)
    {
        if (!Ids.Has("ord", orderId)) return;
        await delivery.Entities.Get<IOrder>(orderId).CancelExpired(new CancelExpiredOrder(reason), delivery.Call);
    }

    private static Task Continue(FactContext delivery, string orderId) =>
        Ids.Has("ord", orderId) ? delivery.Entities.Get<IOrder>(orderId).Continue(delivery.Call) : Task.CompletedTask;
}
