using System.Collections.Frozen;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What can happen to an order's status. The first four are commands, the others follow by themselves.</summary>
public enum OrderMove
{
    /// <summary>Command: ship some or all of what is left.</summary>
    Ship,

    /// <summary>Command: have what is not captured yet authorized anew.</summary>
    Pay,

    /// <summary>Command: ask to give shipped units back.</summary>
    Return,

    /// <summary>Command, or a hold or the authorization has expired: cancel what is in no shipment.</summary>
    Cancel,

    /// <summary>It is accepted.</summary>
    Place,

    /// <summary>All stock is held, and the money cannot be had at once.</summary>
    Hold,

    /// <summary>The money is authorized, or none is needed.</summary>
    Confirm,

    /// <summary>It cannot be confirmed.</summary>
    Fail,

    /// <summary>A shipment is out and more is left.</summary>
    CompletePart,

    /// <summary>A shipment is out and nothing is left.</summary>
    CompleteAll,

    /// <summary>A shipment had to be given up; its units can be shipped again.</summary>
    FailShipment,

    /// <summary>All is given back of an order that could not be confirmed.</summary>
    CloseRejected,

    /// <summary>All is given back of an order of which nothing has shipped.</summary>
    CloseCancelled,

    /// <summary>All is given back that had not shipped.</summary>
    CloseShipped,
}

/// <summary>One row of the table: from a status (null: there is no order yet), a move leads to a status.</summary>
public sealed record OrderMoveRow(OrderStatus? From, OrderMove Move, OrderStatus To);

/// <summary>
/// The one table of an order's states and moves. Rules look up whether a move is allowed and where it leads, views list the allowed
/// commands, and the diagram in the docs is drawn from it.
/// </summary>
public static class OrderStateMachine
{
    public static readonly IReadOnlyList<OrderMoveRow> Table =
    [
        new(null, OrderMove.Place, OrderStatus.Placed),

        new(OrderStatus.Placed, OrderMove.Confirm, OrderStatus.Confirmed),
        new(OrderStatus.Placed, OrderMove.Hold, OrderStatus.Held),
        new(OrderStatus.Placed, OrderMove.Fail, OrderStatus.Closing),
        new(OrderStatus.Placed, OrderMove.Cancel, OrderStatus.Closing),

        new(OrderStatus.Held, OrderMove.Confirm, OrderStatus.Confirmed),
        new(OrderStatus.Held, OrderMove.Fail, OrderStatus.Closing),
        new(OrderStatus.Held, OrderMove.Cancel, OrderStatus.Closing),

        new(OrderStatus.Confirmed, OrderMove.Ship, OrderStatus.Confirmed),
        new(OrderStatus.Confirmed, OrderMove.CompletePart, OrderStatus.PartlyShipped),
        new(OrderStatus.Confirmed, OrderMove.CompleteAll, OrderStatus.Shipped),
        new(OrderStatus.Confirmed, OrderMove.FailShipment, OrderStatus.Confirmed),
        new(OrderStatus.Confirmed, OrderMove.Pay, OrderStatus.Confirmed),
        new(OrderStatus.Confirmed, OrderMove.Cancel, OrderStatus.Closing),

        new(OrderStatus.PartlyShipped, OrderMove.Ship, OrderStatus.PartlyShipped),
        new(OrderStatus.PartlyShipped, OrderMove.CompletePart, OrderStatus.PartlyShipped),
        new(OrderStatus.PartlyShipped, OrderMove.CompleteAll, OrderStatus.Shipped),
        new(OrderStatus.PartlyShipped, OrderMove.FailShipment, OrderStatus.PartlyShipped),
        new(OrderStatus.PartlyShipped, OrderMove.Pay, OrderStatus.PartlyShipped),
        new(OrderStatus.PartlyShipped, OrderMove.Cancel, OrderStatus.Closing),
        new(OrderStatus.PartlyShipped, OrderMove.Return, OrderStatus.PartlyShipped),

        new(OrderStatus.Shipped, OrderMove.Return, OrderStatus.Shipped),

        // Shipments from before the cancellation are finished first.
        new(OrderStatus.Closing, OrderMove.CompletePart, OrderStatus.Closing),
        new(OrderStatus.Closing, OrderMove.CompleteAll, OrderStatus.Closing),
        new(OrderStatus.Closing, OrderMove.FailShipment, OrderStatus.Closing),
        new(OrderStatus.Closing, OrderMove.CloseRejected, OrderStatus.Rejected),
        new(OrderStatus.Closing, OrderMove.CloseCancelled, OrderStatus.Cancelled),
        new(OrderStatus.Closing, OrderMove.CloseShipped, OrderStatus.Shipped),
    ];

    private static readonly FrozenDictionary<(OrderStatus?, OrderMove), OrderStatus> Targets =
        Table.ToFrozenDictionary(row => (row.From, row.Move), row => row.To);

    /// <summary>True when the table has the row.</summary>
    public static bool Allows(OrderStatus? from, OrderMove move) => Targets.ContainsKey((from, move));

    /// <summary>Where a move leads. A move that is not in the table is a bug: rules check <see cref="Allows"/> first.</summary>
    public static OrderStatus To(OrderStatus? from, OrderMove move) => Targets.TryGetValue((from, move), out var to)
        ? to
        : throw new InvalidOperationException($"No row of the order's moves leads from {EnumWords.Of(from)} by {EnumWords.Of(move)}.");

    /// <summary>The commands that are allowed in a status.</summary>
    public static IEnumerable<OrderMove> AllowedCommands(OrderStatus? from) => Table
        .Where(row => row.From == from && row.Move is (OrderMove.Ship or OrderMove.Pay or OrderMove.Return or OrderMove.Cancel))
        .Select(row => row.Move);
}
