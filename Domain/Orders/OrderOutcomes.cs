using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>
/// What an order makes of what its steps achieved, and how its facts change it. A step's outcome is decided on the state as it is by
/// then: where somebody cancelled meanwhile, an outcome that came too late is nothing, and the next step is another one.
/// </summary>
public static class OrderOutcomes
{
    /// <summary>The next state.</summary>
    public static OrderState Evolve(OrderState state, OrderFact fact)
    {
        if (fact is OrderWaiting waiting) return state with { Waiting = waiting.Reason };
        state = state with { Waiting = null };
        return fact switch
        {
            OrderPlaced f => Placed(state.Moved(OrderMove.Place), f),
            OrderHeld => state.Moved(OrderMove.Hold),
            OrderConfirmed => state.Moved(OrderMove.Confirm),
            OrderFailed f => Closing(state, OrderMove.Fail, OrderStatus.Rejected, f.Reason),
            CancellationRequested f => Closing(state, OrderMove.Cancel, OrderStatus.Cancelled, f.Reason),
            OrderClosed f => Closed(state, f),
            ShipmentRequested f => state.Moved(OrderMove.Ship) with { Shipments = [.. state.Shipments, f.Shipment] },
            ShipmentPosted f => state with { PostedShipment = f.ShipmentId },
            ShipmentCompleted f => Shipped(state, f.ShipmentId),
            ShipmentFailed f => Closing(state, OrderMove.FailShipment, OrderStatus.Cancelled, f.Reason) with
            {
                Shipments = Changed(
                    state.Shipments, s => s.Id == f.ShipmentId, s => s with { Status = WorkStatus.Failed, Reason = f.Reason }),
                PostedShipment = null,
            },
            ReturnRequested f => state.Moved(OrderMove.Return) with { Returns = [.. state.Returns, f.Return] },
            ReturnRestocked f => state with { RestockedReturn = f.ReturnId },
            ReturnCompleted f => Returned(state, f),
            _ => throw new InvalidOperationException($"Orders do not know the fact {fact.GetType().Name}."),
        };
    }

    /// <summary>All goods are held.</summary>
    public static Decision<OrderFact> Held(OrderState state) => If(state, OrderMove.Hold, new OrderHeld());

    /// <summary>The money is authorized, or none is needed.</summary>
    public static Decision<OrderFact> Confirmed(OrderState state, string? paymentId) => If(state, OrderMove.Confirm, new OrderConfirmed(
        state.CustomerId, paymentId, state.Total, state.Lines.Count, state.Lines.Sum(l => l.Quantity), state.OrderedAt));

    /// <summary>It cannot be confirmed.</summary>
    public static Decision<OrderFact> Failed(OrderState state, string code, string reason) =>
        If(state, OrderMove.Fail, new OrderFailed(code, reason));

    /// <summary>The present step cannot be finished yet; each reason is recorded once.</summary>
    public static Decision<OrderFact> Waiting(OrderState state, string reason) =>
        state.Waiting == reason || OrderToCash.Next(state) is null ? Decision<OrderFact>.Nothing : new OrderWaiting(reason);

    /// <summary>The pending shipment's units have left the shelf.</summary>
    public static Decision<OrderFact> Posted(OrderState state, string shipmentId) =>
        state.PendingShipment?.Id != shipmentId || state.PostedShipment == shipmentId
            ? Decision<OrderFact>.Nothing
            : new ShipmentPosted(shipmentId);

    /// <summary>The pending shipment's money is captured.</summary>
    public static Decision<OrderFact> Captured(OrderState state, string shipmentId) =>
        state.PendingShipment is { } shipment && shipment.Id == shipmentId
            ? new ShipmentCompleted(shipmentId, state.CustomerId, new Money(shipment.Amount, state.Total.Currency), shipment.ShippedAt)
            : Decision<OrderFact>.Nothing;

    /// <summary>
    /// The pending shipment had to be given up. Those asked for after it go with it: their amounts were worked out on top of its own.
    /// </summary>
    public static Decision<OrderFact> ShipmentFailed(OrderState state, string shipmentId, string reason) =>
        state.PendingShipment?.Id != shipmentId
            ? Decision<OrderFact>.Nothing
            : Decision<OrderFact>.Of(
            [
                .. state.Shipments.Where(s => s.Status == WorkStatus.Pending).Select(s => new ShipmentFailed(
                    s.Id, s.Id == shipmentId ? reason : $"The shipment '{shipmentId}' before it failed: {reason}")),
            ]);

    /// <summary>The pending return's units are back on the shelf.</summary>
    public static Decision<OrderFact> Restocked(OrderState state, string returnId) =>
        state.PendingReturn?.Id != returnId || state.RestockedReturn == returnId
            ? Decision<OrderFact>.Nothing
            : new ReturnRestocked(returnId);

    /// <summary>The pending return's money is back; so much of it as the customer's credit.</summary>
    public static Decision<OrderFact> Refunded(OrderState state, string returnId, RefundedTo to, long credited = 0) =>
        state.PendingReturn is { } back && back.Id == returnId
            ? new ReturnCompleted(
                returnId, state.CustomerId, new Money(back.Amount, state.Total.Currency), to, back.ReturnedAt, credited)
            : Decision<OrderFact>.Nothing;

    /// <summary>Nothing is held or authorized for it any more.</summary>
    public static Decision<OrderFact> Closed(OrderState state)
    {
        if (state.Status != OrderStatus.Closing || state.PendingShipment is not null) return Decision<OrderFact>.Nothing;
        var outcome = state.Lines.Any(l => l.Shipped > 0) ? OrderStatus.Shipped : state.Outcome!.Value;
        var confirmed = state.ClosingFrom is not (OrderStatus.Placed or OrderStatus.Held);
        var cancelled = confirmed ? state.Lines : [];
        return new OrderClosed(
            outcome, state.Reason!, state.CustomerId, state.Total, confirmed, cancelled.Count(l => l.Shipped == 0),
            cancelled.Sum(l => l.Open), cancelled.Sum(l => l.Total - LineAllocation.Share(l.Total, l.Shipped, l.Quantity)), state.OrderedAt);
    }

    private static Decision<OrderFact> If(OrderState state, OrderMove move, OrderFact fact) =>
        OrderStateMachine.Allows(state.Status, move) ? fact : Decision<OrderFact>.Nothing;

    private static OrderState Placed(OrderState state, OrderPlaced f) => state with
    {
        CustomerId = f.CustomerId, Guest = f.Guest, Total = f.Total, Lines = f.Lines, ShippingAddress = f.ShippingAddress,
        BillingAddress = f.BillingAddress, PaymentMethod = f.PaymentMethod, Reference = f.Reference, OrderedAt = f.OrderedAt,
        PlacedAt = f.PlacedAt,
    };

    // The first reason is the one that closes it; what fails on the way is told by the shipment.
    private static OrderState Closing(OrderState state, OrderMove move, OrderStatus outcome, string reason) => state.Moved(move) with
    {
        Reason = state.Reason ?? reason,
        Outcome = state.Outcome ?? outcome,
        ClosingFrom = state.ClosingFrom ?? state.Status,
    };

    private static OrderState Closed(OrderState state, OrderClosed f)
    {
        var move = f.Outcome switch
        {
            OrderStatus.Rejected => OrderMove.CloseRejected,
            OrderStatus.Cancelled => OrderMove.CloseCancelled,
            _ => OrderMove.CloseShipped,
        };
        return state.Moved(move) with { Lines = [.. state.Lines.Select(l => l with { Cancelled = l.Cancelled + l.Open })] };
    }

    private static OrderState Shipped(OrderState state, string id)
    {
        var lines = With(state.Lines, state.Shipments.First(s => s.Id == id).Lines, (l, units) => l with { Shipped = l.Shipped + units });
        return state.Moved(lines.All(l => l.Open == 0) ? OrderMove.CompleteAll : OrderMove.CompletePart) with
        {
            Lines = lines,
            Shipments = Changed(state.Shipments, s => s.Id == id, s => s with { Status = WorkStatus.Completed }),
            PostedShipment = null,
        };
    }

    private static OrderState Returned(OrderState state, ReturnCompleted f) => state with
    {
        Lines = With(
            state.Lines, state.Returns.First(r => r.Id == f.ReturnId).Lines, (l, units) => l with { Returned = l.Returned + units }),
        Returns = Changed(
            state.Returns, r => r.Id == f.ReturnId, r => r with { Status = WorkStatus.Completed, RefundedTo = f.RefundedTo }),
        RestockedReturn = null,
        Credited = state.Credited + f.Credited,
    };

    private static IReadOnlyList<OrderLine> With(
        IReadOnlyList<OrderLine> lines, IReadOnlyList<LineQuantity> parts, Func<OrderLine, long, OrderLine> change)
    {
        OrderLine[] changed = [.. lines];
        foreach (var part in parts) changed[part.Line - 1] = change(changed[part.Line - 1], part.Quantity);
        return changed;
    }

    private static IReadOnlyList<T> Changed<T>(IReadOnlyList<T> items, Func<T, bool> which, Func<T, T> change) =>
        [.. items.Select(item => which(item) ? change(item) : item)];
}
