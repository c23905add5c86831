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
        AuthorizationExpired f => Moved(delivery, f.OrderId),
        ProviderAnswered { Awaited: true } => Task.CompletedTask,
        PaymentAuthorized or PaymentDeclined => Continue(delivery, ((ProviderAnswered)delivery.Fact).OrderId),
        ProviderAnswered f => Moved(delivery, f.OrderId),
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

    // By hand, or by the order itself, which does not wait for it any more. A refusal wakes it, too: nothing is noted while a payment is
    // busy, so what came before the refused request may not be noted yet.
    private static async Task Moved(FactContext delivery, string orderId)
    {
        if (!Ids.Has("ord", orderId)) return;
        await delivery.Entities.Get<IOrder>(orderId).NotePayments(delivery.Call);
        await Continue(delivery, orderId);
    }

    // Others than orders may hold stock under such a name: the refusal is the answer "no such order".
    private static async Task CancelExpired(FactContext delivery, string orderId, string reason)
    {
        if (!Ids.Has("ord", orderId)) return;
        await delivery.Entities.Get<IOrder>(orderId).CancelExpired(new CancelExpiredOrder(reason), delivery.Call);
    }

    private static Task Continue(FactContext delivery, string orderId) =>
        Ids.Has("ord", orderId) ? delivery.Entities.Get<IOrder>(orderId).Continue(delivery.Call) : Task.CompletedTask;
}
