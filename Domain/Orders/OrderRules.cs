using System.Diagnostics.CodeAnalysis;
using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Orders;

/// <summary>
/// The rules of an order: the commands it allows, the outcomes of its own steps, and how facts change it. Invariants: of a line, shipped
/// and cancelled are never more than ordered and returned never more than shipped; the amounts of its parts add up to its total. An outcome
/// of a step is decided on the state as it is by then: after a cancellation it has no effect.
/// </summary>
public static class OrderRules
{
    /// <summary>An order. It lapses by itself where no hold or authorization of it may be left to do so, and its returns do.</summary>
    public static readonly EntityDefinition<OrderState, OrderFact> Definition = new("order/5", OrderState.Initial, Evolve)
    {
        WhenDue = new(
            (state, now) => OrderErasureRules.KeptUntil(state)
                ?? Earlier(OrderPaymentRules.LapsesAt(state, now), ReturnRules.LapsesAt(state)),
            (state, now) => state.IsErased ? OrderErasureRules.EraseInvoice(state, now)
                : OrderPaymentRules.LapsesAt(state, now) <= now ? OrderPaymentRules.Lapse(state, now)
                : ReturnRules.Lapse(state, now)),
        OwnerOf = (id, state) => new Owner(state.CustomerId, id, state.Channel),
    };

    /// <summary>Places it, at the prices of the moment it was ordered or at negotiated ones.</summary>
    /// <param name="id">The order.</param>
    /// <param name="state">Its state: there must be none.</param>
    /// <param name="command">Already <see cref="OrderChecks.Place">checked</see>.</param>
    /// <param name="products">What the catalogue says about each SKU; null: it has none.</param>
    /// <param name="noCustomer">Why nothing can be made out to the command's customer; null where it can.</param>
    /// <param name="now">The time of recording.</param>
    /// <param name="channel">The partner's channel that it comes by; null: none.</param>
    public static Decision<OrderFact> Place(
        string id, OrderState state, PlaceOrder command, IReadOnlyDictionary<string, ProductView?> products, Refusal? noCustomer,
        DateTimeOffset now, string? channel = null)
    {
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Place)) return Refusals.Exists("order", id);
        if (noCustomer is not null) return noCustomer;
        var orderedAt = (command.OrderedAt ?? now).ToUniversalTime();
        var priced = new (ProductView Product, long Quantity, decimal UnitPrice)[command.Lines.Count];
        for (var i = 0; i < priced.Length; i++)
        {
            var line = command.Lines[i];
            var (product, unknown) = LineRules.Known(products, i, line.Sku);
            if (unknown is not null) return unknown;
            if (product.Status == ProductStatus.Withdrawn) return OrderChecks.Withdrawn(i, product);
            if ((line.UnitPrice ?? product.PriceAt(command.Currency, orderedAt)) is not { } price)
                return OrderChecks.NoPrice(i, line.Sku, command.Currency, orderedAt);
            priced[i] = (product, line.Quantity, price);
        }

        var (total, tooLarge) = LineRules.Sum(priced.Select(p => (p.UnitPrice, p.Quantity)));
        if (tooLarge is not null) return tooLarge;
        if (total > 0 && command.PaymentMethod is null) return OrderChecks.PaymentMethodRequired(total, command.Currency);
        OrderLine[] lines =
        [
            .. priced.Select((p, i) => new OrderLine(
                i + 1, p.Product.Sku, p.Product.Name, p.Product.Kind, p.Quantity, p.UnitPrice,
                Money.LineTotal(p.UnitPrice, p.Quantity)!.Value, p.Product.Version)),
        ];
        return new OrderPlaced(
            After(state, OrderMove.Place), command.CustomerId, command.Guest, new Money(total, command.Currency), lines,
            command.ShippingAddress, command.BillingAddress, command.PaymentMethod, command.Reference, orderedAt, now,
            channel);
    }

    /// <summary>Ships some or all of what is left.</summary>
    public static Decision<OrderFact> Ship(
        string id, OrderState state, ShipOrder command, DateTimeOffset now, Refusal? closed = null)
    {
        if (state.Status is null) return OrderChecks.Unknown(id);
        if (state.IsErased) return Refusals.Erased("order", id);
        if (state.Shipments.FirstOrDefault(s => s.Id == command.ShipmentId) is { } had)
            return SameShipment(command, had) ? Decision<OrderFact>.Nothing : Refusals.Exists("shipment", had.Id);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Ship)) return OrderChecks.NotAllowed(id, state, OrderMove.Ship);
        if ((OrderChecks.Ship(state, command, now) ?? closed) is { } wrong) return wrong;
        if (state.PendingPayment is { } payment) return OrderChecks.PaymentPending(payment.Id);
        var pending = LineAllocation.BeingShipped(state);
        var (parts, bad) = LineAllocation.Pick(
            state, command.Lines, l => l.Open - pending.GetValueOrDefault(l.Line),
            (field, detail) => OrderChecks.TooMuch("shipment_exceeds_order", field, detail));
        if (bad is not null) return bad;
        var amount = LineAllocation.Worth(state, parts, n => state.Line(n).Shipped + pending.GetValueOrDefault(n));
        if (OrderPaymentRules.NotCovered(id, state, amount) is { } notCovered) return notCovered;
        return new ShipmentRequested(After(state, OrderMove.Ship), new Shipment(
            command.ShipmentId, ShipmentStatus.Requested, parts, amount, command.Carrier, command.TrackingNumber,
            (command.ShippedAt ?? now).ToUniversalTime()));
    }

    /// <summary>Cancels what is in no shipment; shipments that are pending are finished first.</summary>
    public static Decision<OrderFact> Cancel(string id, OrderState state, CancelOrder command)
    {
        if (state.Status is null) return OrderChecks.Unknown(id);
        if (state.IsErased) return Refusals.Erased("order", id);
        if (!Possible(state, OrderMove.Cancel)) return OrderChecks.NotAllowed(id, state, OrderMove.Cancel);
        if (Validate.Text("/reason", command.Reason, LineRules.MaxReason) is { } reason) return reason;
        return new CancellationRequested(After(state, OrderMove.Cancel), command.Reason.Trim());
    }

    /// <summary>A hold or the authorization has expired; where nothing more was to come anyway, that does not matter.</summary>
    public static Decision<OrderFact> CancelExpired(string id, OrderState state, CancelExpiredOrder command)
    {
        if (state.Status is null) return OrderChecks.Unknown(id);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Cancel)) return Decision<OrderFact>.Nothing;
        return new CancellationRequested(After(state, OrderMove.Cancel), command.Reason);
    }

    /// <summary>The moves that are allowed now: those of the table for which something is left.</summary>
    public static IReadOnlyList<OrderMove> AllowedMoves(OrderState state) =>
        [.. OrderStateMachine.AllowedCommands(state.Status).Where(move => Possible(state, move))];

    /// <summary>The money is authorized, or none is needed.</summary>
    public static Decision<OrderFact> Confirmed(OrderState state, string? paymentId) => If(
        state, OrderMove.Confirm, status => new OrderConfirmed(
            status, state.CustomerId, paymentId, state.Total, state.Lines.Count, state.Lines.Sum(l => l.Quantity), state.OrderedAt));

    /// <summary>It cannot be confirmed.</summary>
    public static Decision<OrderFact> Failed(OrderState state, string code, string reason) =>
        If(state, OrderMove.Fail, status => new OrderFailed(status, code, reason));

    /// <summary>Its stock is held, and its payment cannot be authorized.</summary>
    public static Decision<OrderFact> NotPaid(OrderState state, string paymentId, string code, string reason) =>
        Held(state, paymentId, held => Failed(held, code, reason));

    /// <summary>Its stock is held, and its payment is not authorized yet.</summary>
    public static Decision<OrderFact> AwaitingPayment(OrderState state, string paymentId, string reason) =>
        Held(state, paymentId, held => Waiting(held, reason));

    /// <summary>
    /// The present step cannot be finished yet. The same reason is not recorded twice in a row, and none by an order that is erased.
    /// </summary>
    public static Decision<OrderFact> Waiting(OrderState state, string reason)
    {
        if (state.Waiting == reason || state.IsErased || OrderToCash.Next(state) is null) return Decision<OrderFact>.Nothing;
        return new OrderWaiting(state.Status!.Value, reason);
    }

    /// <summary>The pending shipment's units have left the shelf, and its money is not captured yet.</summary>
    public static Decision<OrderFact> AwaitingCapture(OrderState state, string shipmentId, string reason)
    {
        if (!IsUnderWay(state, shipmentId, out var pending)) return Decision<OrderFact>.Nothing;
        if (pending.Status == ShipmentStatus.Posted) return Waiting(state, reason);
        var status = state.Status!.Value;
        return Decision<OrderFact>.Of(new ShipmentPosted(status, shipmentId), new OrderWaiting(status, reason));
    }

    /// <summary>
    /// The pending shipment is out, and its money is captured; unless some of that was given back meanwhile, and the order knows it.
    /// </summary>
    public static Decision<OrderFact> Shipped(OrderState state, string shipmentId, IReadOnlyList<PaymentView> payments)
    {
        if (!IsUnderWay(state, shipmentId, out var shipment)) return Decision<OrderFact>.Nothing;
        if (shipment.Amount > 0 && payments.Sum(p => p.Captured) < state.Due + shipment.Amount) return Decision<OrderFact>.Nothing;
        var move = WithShipped(state.Lines, shipment).All(l => l.Open == 0) ? OrderMove.CompleteAll : OrderMove.CompletePart;
        return new ShipmentCompleted(
            After(state, move), shipmentId, state.CustomerId, new Money(shipment.Amount, state.Total.Currency), shipment.ShippedAt,
            RefundRules.Moved(payments, PaymentOperation.Capture, shipmentId));
    }

    /// <summary>The pending shipment does not go out any more. It has failed when nothing of it has to be put back.</summary>
    public static Decision<OrderFact> GivenUp(OrderState state, string shipmentId, IReadOnlyList<LineQuantity> posted, string reason)
    {
        if (!IsUnderWay(state, shipmentId, out _)) return Decision<OrderFact>.Nothing;
        return posted.Count == 0
            ? ShipmentFailed(state, shipmentId, reason)
            : new ShipmentGivenUp(state.Status!.Value, shipmentId, posted, reason);
    }

    /// <summary>What had left the shelf for the shipment that was given up is held again.</summary>
    public static Decision<OrderFact> PutBack(OrderState state, string shipmentId) =>
        state.PendingShipment is { Status: ShipmentStatus.GivenUp, Reason: { } reason } given && given.Id == shipmentId
            ? ShipmentFailed(state, shipmentId, reason)
            : Decision<OrderFact>.Nothing;

    // Those requested after it fail with it: their amounts were calculated on top of its own.
    private static Decision<OrderFact> ShipmentFailed(OrderState state, string shipmentId, string reason)
    {
        var status = After(state, OrderMove.FailShipment);
        return Decision<OrderFact>.Of(
        [
            .. state.Shipments.Where(s => s.IsPending).Select(s => new ShipmentFailed(
                status, s.Id, s.Id == shipmentId ? reason : $"The shipment '{shipmentId}' before it failed: {reason}")),
        ]);
    }

    /// <summary>Nothing is held or authorized for it any more.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="payments">Its payments; what they have for nothing and did not give back is the customer's credit.</param>
    public static Decision<OrderFact> Closed(OrderState state, IReadOnlyList<PaymentView> payments)
    {
        if (state is not { Status: OrderStatus.Closing, PendingShipment: null, Closing: { } closing }) return Decision<OrderFact>.Nothing;
        var move = state.Lines.Any(l => l.Shipped > 0) ? OrderMove.CloseShipped
            : closing.Outcome == OrderStatus.Rejected ? OrderMove.CloseRejected
            : OrderMove.CloseCancelled;
        var confirmed = closing.From is not (OrderStatus.Placed or OrderStatus.Held);
        var cancelled = confirmed ? state.Lines : [];
        return new OrderClosed(
            After(state, move), closing.Reason, state.CustomerId, state.Total, confirmed, cancelled.Count(l => l.Shipped == 0),
            cancelled.Sum(l => l.Open), cancelled.Sum(l => l.Total - LineAllocation.Share(l.Total, l.Shipped, l.Quantity)),
            state.OrderedAt, state.PaymentId ?? payments.FirstOrDefault()?.Id, RefundRules.Unearned(state, payments));
    }

    public static OrderState Evolve(OrderState before, OrderFact fact)
    {
        var state = before with
        {
            Status = fact.Status,
            Waiting = fact switch
            {
                OrderWaiting waiting => waiting.Reason,
                CaptureNoted or RefundNoted or AuthorizationLost or ReturnRequested or ReturnRejected => before.Waiting, // of no step
                _ => null,
            },
        };
        return fact switch
        {
            OrderPlaced f => Placed(state, f),
            OrderWaiting => state,
            OrderHeld f => OrderPaymentRules.With(state, f.PaymentId, OrderPaymentStatus.Requested),
            OrderConfirmed f => OrderPaymentRules.With(state, f.PaymentId, OrderPaymentStatus.Authorized) with { Covered = f.Total.Minor },
            OrderFailed f => Close(before, state, OrderStatus.Rejected, f.Reason),
            CancellationRequested f => Close(before, state, OrderStatus.Cancelled, f.Reason),
            OrderClosed f => OrderPaymentRules.Released(
                state.Payments.Count == 0 ? OrderPaymentRules.With(state, f.PaymentId, OrderPaymentStatus.Gone) : state, f.Reason) with
            {
                Credited = state.Credited + f.Credited,
                Lines = [.. state.Lines.Select(l => l with { Cancelled = l.Cancelled + l.Open })],
            },
            ShipmentRequested f => state with { Shipments = [.. state.Shipments, f.Shipment] },
            ShipmentPosted f => WithShipment(state, f.ShipmentId, s => s with { Status = ShipmentStatus.Posted }),
            ShipmentCompleted f => WithShipment(
                state, f.ShipmentId, s => s with { Status = ShipmentStatus.Completed, Captured = f.Captured }) with
            {
                Lines = WithShipped(state.Lines, state.Shipments.First(s => s.Id == f.ShipmentId)),
            },
            ShipmentGivenUp f => WithShipment(
                state, f.ShipmentId, s => s with { Status = ShipmentStatus.GivenUp, Reason = f.Reason }) with
            {
                ToPutBack = f.Posted,
            },
            ShipmentFailed f => WithShipment(state, f.ShipmentId, s => s with { Status = ShipmentStatus.Failed, Reason = f.Reason }) with
            {
                ToPutBack = [],
            },
            ReturnRequested or ReturnReceived or ReturnRejected or ReturnRestocked or ReturnCompleted => ReturnRules.Evolve(state, fact),
            CaptureNoted f => state with
            {
                Captures = [.. state.Captures, new OrderCapture(f.PaymentId, f.CaptureId, f.Amount.Minor, f.OccurredAt, f.Reason)],
                Covered = f.PaymentId == state.PaymentId ? state.Covered : state.Covered + f.Amount.Minor,
            },
            RefundNoted f => state with
            {
                Refunds = [.. state.Refunds, new OrderRefund(f.PaymentId, f.RefundId, f.Kind, f.Amount.Minor, f.OccurredAt, f.Reason)],
                Credited = f.Kind == RefundKind.CustomerCredit ? state.Credited - f.Amount.Minor : state.Credited,
                Covered = f.Kind == RefundKind.Prepayment ? state.Covered - f.Amount.Minor : state.Covered,
            },
            PaymentRequested or PaymentReplaced or PaymentFailed or AuthorizationLost or RestReleased =>
                OrderPaymentRules.Evolve(state, fact),
            OrderErasureRequested or OrderErased or OrderErasureCompleted or InvoiceErased => OrderErasureRules.Evolve(state, fact),
            _ => throw new InvalidOperationException($"Orders do not know the fact {fact.GetType().Name}."),
        };
    }

    private static bool IsUnderWay(OrderState state, string shipmentId, [NotNullWhen(true)] out Shipment? shipment)
    {
        shipment = state.PendingShipment;
        return shipment is { Status: not ShipmentStatus.GivenUp } && shipment.Id == shipmentId;
    }

    private static OrderState Placed(OrderState state, OrderPlaced f) => state with
    {
        CustomerId = f.CustomerId, Guest = f.Guest, Total = f.Total, Lines = f.Lines, ShippingAddress = f.ShippingAddress,
        BillingAddress = f.BillingAddress, PaymentMethod = f.PaymentMethod, Reference = f.Reference, OrderedAt = f.OrderedAt,
        PlacedAt = f.PlacedAt, Channel = f.Channel,
    };

    // The first cause closes it.
    private static OrderState Close(OrderState before, OrderState state, OrderStatus outcome, string reason) =>
        state with { Closing = state.Closing ?? new Closing(before.Status!.Value, outcome, reason) };

    private static IReadOnlyList<OrderLine> WithShipped(IReadOnlyList<OrderLine> lines, Shipment shipment) =>
        LineAllocation.With(lines, shipment.Lines, (l, units) => l with { Shipped = l.Shipped + units });

    private static OrderState WithShipment(OrderState state, string id, Func<Shipment, Shipment> change) =>
        state with { Shipments = [.. state.Shipments.Select(s => s.Id == id ? change(s) : s)] };

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null || b < a ? b : a;

    private static OrderStatus After(OrderState state, OrderMove move) => OrderStateMachine.To(state.Status, move);

    private static Decision<OrderFact> If(OrderState state, OrderMove move, Func<OrderStatus, OrderFact> fact) =>
        OrderStateMachine.Allows(state.Status, move) ? fact(After(state, move)) : Decision<OrderFact>.Nothing;

    // What has been achieved is noted with the reason to stop, so that nothing has to be asked again to know it.
    private static Decision<OrderFact> Held(OrderState state, string paymentId, Func<OrderState, Decision<OrderFact>> then)
    {
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Hold)) return then(state);
        var held = new OrderHeld(After(state, OrderMove.Hold), paymentId);
        return Decision<OrderFact>.Of([held, .. then(Evolve(state, held)).Facts]);
    }

    private static bool Possible(OrderState state, OrderMove move)
    {
        if (!OrderStateMachine.Allows(state.Status, move)) return false;
        if (move == OrderMove.Pay) return state.Sold < state.Total.Minor;
        var pending = move == OrderMove.Return ? LineAllocation.KeptForReturns(state) : LineAllocation.BeingShipped(state);
        return state.Lines.Any(l => (move == OrderMove.Return ? l.Shipped - l.Returned : l.Open) > pending.GetValueOrDefault(l.Line));
    }

    private static bool SameShipment(ShipOrder command, Shipment had) =>
        LineAllocation.Same(command.Lines, had.Lines) && command.Carrier == had.Carrier && command.TrackingNumber == had.TrackingNumber
        && (command.ShippedAt is null || command.ShippedAt == had.ShippedAt);
}
