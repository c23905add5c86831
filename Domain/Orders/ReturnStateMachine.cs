namespace Commerce.Orders;

/// <summary>What can happen to a return. The first three are commands, the others follow by themselves.</summary>
public enum ReturnMove
{
    /// <summary>Command: ask for it.</summary>
    Request,

    /// <summary>Command: its units are here.</summary>
    Receive,

    /// <summary>Command, or its units did not come in time: do not take it.</summary>
    Reject,

    /// <summary>Its units are back on the shelf.</summary>
    Restock,

    /// <summary>Its money is back.</summary>
    Complete,
}

/// <summary>One row of the table: from a status (null: there is no return yet), a move leads to a status.</summary>
public sealed record ReturnMoveRow(ReturnStatus? From, ReturnMove Move, ReturnStatus To);

/// <summary>The one table of a return's states and moves (decision 32).</summary>
public static class ReturnStateMachine
{
    public static readonly IReadOnlyList<ReturnMoveRow> Table =
    [
        new(null, ReturnMove.Request, ReturnStatus.Requested),
        new(ReturnStatus.Requested, ReturnMove.Receive, ReturnStatus.Received),
        new(ReturnStatus.Requested, ReturnMove.Reject, ReturnStatus.Rejected),
        new(ReturnStatus.Received, ReturnMove.Restock, ReturnStatus.Restocked),
        new(ReturnStatus.Restocked, ReturnMove.Complete, ReturnStatus.Completed),
    ];

    /// <summary>True when the table has the row.</summary>
    public static bool Allows(ReturnStatus? from, ReturnMove move) => Table.Any(row => row.From == from && row.Move == move);

    /// <summary>The commands that are allowed in a status.</summary>
    public static IEnumerable<ReturnMove> AllowedCommands(ReturnStatus? from) => Table
        .Where(row => row.From == from && row.Move is (ReturnMove.Request or ReturnMove.Receive or ReturnMove.Reject))
        .Select(row => row.Move);
}
