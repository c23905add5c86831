using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>
/// The rules of what may be asked of an order. Invariants: of a line, shipped and cancelled are never more than ordered and returned never
/// more than shipped; the amounts of its parts add up to its total. How it is placed is in <see cref="OrderPlacing"/>, what
/// comes of the steps it takes by itself in <see cref="OrderOutcomes"/>.
/// </summary>
public static class OrderRules
{
    private const int MaxIdLength = 64;

    /// <summary>Ships some or all of what is left.</summary>
    public static Decision<OrderFact> Ship(string id, OrderState state, ShipOrder command, DateTimeOffset now)
    {
        if (state.Status is null) return Unknown(id);
        if (state.Shipments.FirstOrDefault(s => s.Id == command.ShipmentId) is { } had)
            return SameShipment(command, had) ? Decision<OrderFact>.Nothing : Refusals.Exists("shipment", had.Id);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Ship)) return NotAllowed(id, state, OrderMove.Ship);
        if (BadId("/shipmentId", command.ShipmentId, state) is { } badId) return badId;
        if (Validate.Optional("/carrier", command.Carrier, 100) is { } carrier) return carrier;
        if (Validate.Optional("/trackingNumber", command.TrackingNumber, 100) is { } tracking) return tracking;
        if (Refusals.Future("/shippedAt", command.ShippedAt, now) is { } future) return future;
        var pending = LineAllocation.BeingShipped(state);
        var (parts, bad) = LineAllocation.Pick(
            state, command.Lines, l => l.Open - pending.GetValueOrDefault(l.Line),
            (field, wrong) => TooMuch("shipment_exceeds_order", field, wrong));
        if (bad is not null) return bad;
        var amount = LineAllocation.Worth(state, parts, n => state.Line(n).Shipped + pending.GetValueOrDefault(n));
        return new ShipmentRequested(new Shipment(
            command.ShipmentId, WorkStatus.Pending, parts, amount, command.Carrier, command.TrackingNumber,
            (command.ShippedAt ?? now).ToUniversalTime()));
    }

    /// <summary>Takes shipped units back.</summary>
    public static Decision<OrderFact> Return(string id, OrderState state, ReturnItems command, DateTimeOffset now)
    {
        if (state.Status is null) return Unknown(id);
        if (state.Returns.FirstOrDefault(r => r.Id == command.ReturnId) is { } had)
            return SameReturn(command, had) ? Decision<OrderFact>.Nothing : Refusals.Exists("return", had.Id);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Return)) return NotAllowed(id, state, OrderMove.Return);
        if (BadId("/returnId", command.ReturnId, state) is { } badId) return badId;
        if (Validate.Text("/reason", command.Reason, LineRules.MaxReason) is { } reason) return reason;
        if (Validate.Optional("/reference", command.Reference, LineRules.MaxReference) is { } reference) return reference;
        if (Refusals.Future("/returnedAt", command.ReturnedAt, now) is { } future) return future;
        var pending = LineAllocation.BeingReturned(state);
        var (parts, bad) = LineAllocation.Pick(
            state, command.Lines, l => l.Shipped - l.Returned - pending.GetValueOrDefault(l.Line),
            (field, wrong) => TooMuch("return_exceeds_shipment", field, wrong));
        if (bad is not null) return bad;
        var amount = LineAllocation.Worth(state, parts, n => state.Line(n).Returned + pending.GetValueOrDefault(n));
        return new ReturnRequested(new Return(
            command.ReturnId, WorkStatus.Pending, parts, amount, command.Reason.Trim(), command.Reference,
            (command.ReturnedAt ?? now).ToUniversalTime()));
    }

    /// <summary>Cancels what is in no shipment; shipments that are pending are finished first.</summary>
    public static Decision<OrderFact> Cancel(string id, OrderState state, CancelOrder command)
    {
        if (state.Status is null) return Unknown(id);
        if (!Possible(state, OrderMove.Cancel)) return NotAllowed(id, state, OrderMove.Cancel);
        if (Validate.Text("/reason", command.Reason, LineRules.MaxReason) is { } reason) return reason;
        return new CancellationRequested(command.Reason.Trim());
    }

    /// <summary>Something it relied on is gone; where nothing more was to come anyway, that does not matter.</summary>
    public static Decision<OrderFact> Lapse(string id, OrderState state, LapseOrder command)
    {
        if (state.Status is null) return Unknown(id);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Cancel)) return Decision<OrderFact>.Nothing;
        return new CancellationRequested(command.Reason);
    }

    /// <summary>The moves that may be asked for now: those of the table for which something is left.</summary>
    public static IReadOnlyList<OrderMove> AllowedMoves(OrderState state) =>
        [.. OrderStateMachine.Askable(state.Status).Where(move => Possible(state, move))];

    private static bool Possible(OrderState state, OrderMove move)
    {
        if (!OrderStateMachine.Allows(state.Status, move)) return false;
        var pending = move == OrderMove.Return ? LineAllocation.BeingReturned(state) : LineAllocation.BeingShipped(state);
        return state.Lines.Any(l => (move == OrderMove.Return ? l.Shipped - l.Returned : l.Open) > pending.GetValueOrDefault(l.Line));
    }

    private static bool SameShipment(ShipOrder command, Shipment had) =>
        LineAllocation.Same(command.Lines, had.Lines) && command.Carrier == had.Carrier && command.TrackingNumber == had.TrackingNumber
        && (command.ShippedAt is null || command.ShippedAt == had.ShippedAt);

    private static bool SameReturn(ReturnItems command, Return had) =>
        LineAllocation.Same(command.Lines, had.Lines) && command.Reason?.Trim() == had.Reason && command.Reference == had.Reference
        && (command.ReturnedAt is null || command.ReturnedAt == had.ReturnedAt);

    // The id also names the movement of money, so a shipment and a return must not share one.
    private static Refusal? BadId(string field, string? id, OrderState state)
    {
        if (id is not { Length: >= 1 and <= MaxIdLength } || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
            return Refusals.Invalid(
                "invalid_id", field, $"'{id}' cannot be an id.", $"Give 1 to {MaxIdLength} letters, digits, dots, dashes or underscores.");
        return state.Shipments.Any(s => s.Id == id) || state.Returns.Any(r => r.Id == id)
            ? Refusals.Invalid("invalid_id", field, $"'{id}' names another part of this order.", "Choose an id that is not used yet.")
            : null;
    }

    private static Refusal Unknown(string id) => Refusals.Unknown("order", id, "Place it first, or check the id.");

    private static Refusal TooMuch(string code, string field, string wrong) =>
        new(code, RefusalKind.Conflict, $"{wrong}.", "Get the order and ask for no more than its lines have left.", field);

    private static Refusal NotAllowed(string id, OrderState state, OrderMove move) => Refusals.MoveNotAllowed(
        "order", id, OrderStateMachine.Word(move), OrderStateMachine.Word(state.Status), [.. AllowedMoves(state).Select(OrderStateMachine.Word)]);
}
