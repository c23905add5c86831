using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>How far the erasure of an order has come.</summary>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ErasedAt">When nothing was left but what the invoice shows.</param>
/// <param name="Billed">That; null: there is none, or its time is over.</param>
/// <param name="KeptUntil">Until when that is kept.</param>
/// <param name="Completed">True when its payments are erased, too.</param>
public sealed record OrderErasing(
    DateTimeOffset RequestedAt,
    DateTimeOffset? ErasedAt = null,
    [Personal(Purpose.Statutory)] Address? Billed = null,
    DateTimeOffset? KeptUntil = null,
    bool Completed = false);

/// <summary>
/// The erasure of an order (decision 24). It waits until the order is at rest. What an invoice has to show is sealed anew for the time that
/// invoices are kept; then all keys before are destroyed; then the payments follow.
/// </summary>
public static class OrderErasureRules
{
    /// <summary>What of it is personal is to be erased.</summary>
    public static Decision<OrderFact> Request(string id, OrderState state, DateTimeOffset now)
    {
        if (state.Status is not { } status) return OrderChecks.Unknown(id);
        if (state.Erasing is not null) return Decision<OrderFact>.Nothing;
        return new OrderErasureRequested(status, now);
    }

    /// <summary>The next step of an order that has nothing else to do; null: none.</summary>
    public static OrderStep? Next(OrderState state) => state.Erasing switch
    {
        { ErasedAt: null } when HasEnded(state) && !AwaitsUnits(state) => new OrderStep.Erase(),
        { ErasedAt: not null, Completed: false } => new OrderStep.ErasePayments(),
        _ => null,
    };

    /// <summary>It is at rest: what is left is what its invoice shows, if anything of it has shipped.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="customer">The customer's name, for addresses without an addressee; null for a guest's.</param>
    /// <param name="now">The time of recording.</param>
    public static Decision<OrderFact> Erased(OrderState state, string? customer, DateTimeOffset now)
    {
        if (OrderToCash.Next(state) is not OrderStep.Erase) return Decision<OrderFact>.Nothing;
        var sold = state.Shipments.Where(s => s.Status == ShipmentStatus.Completed).ToList();
        var address = sold.Count == 0 ? null : state.BillingAddress ?? state.ShippingAddress;
        var billed = address is null ? null
            : address with { Name = address.Name ?? state.Guest?.Name ?? customer };
        return new OrderErased(
            state.Status!.Value, billed, billed is null ? null : Erasure.InvoiceKeptUntil(sold.Max(s => s.ShippedAt)), now);
    }

    /// <summary>Its payments are erased, too.</summary>
    public static Decision<OrderFact> Completed(OrderState state) => OrderToCash.Next(state) is OrderStep.ErasePayments
        ? new OrderErasureCompleted(state.Status!.Value, state.CustomerId)
        : Decision<OrderFact>.Nothing;

    /// <summary>Until when what its invoice shows is kept; null: nothing is.</summary>
    public static DateTimeOffset? KeptUntil(OrderState state) => state.Erasing is { Billed: not null } kept ? kept.KeptUntil : null;

    /// <summary>That time is over.</summary>
    public static Decision<OrderFact> EraseInvoice(OrderState state, DateTimeOffset now) =>
        KeptUntil(state) <= now ? new InvoiceErased(state.Status!.Value) : Decision<OrderFact>.Nothing;

    /// <summary>
    /// What is noted beside an order for a person to read: nothing, once the keys of before are destroyed; else it would be sealed anew.
    /// </summary>
    public static string? Noted(OrderState state, string? text) => state.IsErased ? null : text;

    public static OrderState Evolve(OrderState state, OrderFact fact) => fact switch
    {
        OrderErasureRequested f => state with { Erasing = new OrderErasing(f.RequestedAt) },
        OrderErased f => WithoutPerson(state) with
        {
            Erasing = state.Erasing! with { ErasedAt = f.ErasedAt, Billed = f.Billed, KeptUntil = f.KeptUntil },
        },
        OrderErasureCompleted => state with { Erasing = state.Erasing! with { Completed = true } },
        InvoiceErased => state with { Erasing = state.Erasing! with { Billed = null } },
        _ => throw new InvalidOperationException($"The erasure of orders does not know the fact {fact.GetType().Name}."),
    };

    /// <summary>The erasure as others see it.</summary>
    public static OrderErasure View(string id, OrderState state, long version)
    {
        var erasing = state.Erasing!;
        var waits = erasing.Completed ? null
            : state.Waiting ?? (OrderToCash.Next(state) is not null ? "Its next step."
            : HasEnded(state) ? "The units of a return: they come, or the return is rejected."
            : "It is open: it has to ship or be cancelled first.");
        return new OrderErasure(
            id, erasing.Completed ? ErasureStatus.Erased : ErasureStatus.Requested, waits, erasing.RequestedAt, erasing.ErasedAt,
            erasing.ErasedAt + Erasure.KeysRetiredWithin, erasing.Billed, erasing.KeptUntil, version);
    }

    private static bool HasEnded(OrderState state) =>
        state.Status is OrderStatus.Shipped or OrderStatus.Rejected or OrderStatus.Cancelled;

    // They lapse, so that no erasure waits for ever (decision 32).
    private static bool AwaitsUnits(OrderState state) => state.Returns.Any(r => r.Status == ReturnStatus.Requested);

    private static OrderState WithoutPerson(OrderState state) => state with
    {
        Guest = state.Guest is null ? null : GuestContact.Marked(Marks.Erased),
        ShippingAddress = state.ShippingAddress is null ? null : Address.Marked(Marks.Erased),
        BillingAddress = state.BillingAddress is null ? null : Address.Marked(Marks.Erased),
        PaymentMethod = null,
        Waiting = null,
        Closing = state.Closing is null ? null : state.Closing with { Reason = Marks.Erased },
        Shipments = [.. state.Shipments.Select(s => s with { Carrier = null, TrackingNumber = null, Reason = null })],
        Returns = [.. state.Returns.Select(r => r with { Reason = Marks.Erased, Rejection = null })],
        Captures = [.. state.Captures.Select(c => c with { Reason = null })],
        Refunds = [.. state.Refunds.Select(r => r with { Reason = null })],
        Payments = [.. state.Payments.Select(p => p with { Reason = null })],
    };
}
