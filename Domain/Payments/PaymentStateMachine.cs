using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>What a caller can do with a payment.</summary>
public enum PaymentMove
{
    /// <summary>To take held money.</summary>
    Capture,

    /// <summary>To give back what is held.</summary>
    Void,

    /// <summary>To give back what was captured.</summary>
    Refund,
}

/// <summary>One row of the table: in this status, this move is allowed.</summary>
public sealed record PaymentMoveRow(PaymentStatus From, PaymentMove Move);

/// <summary>
/// The one table of what a payment allows. Where a move leads depends on amounts and on the provider, so the rules say that. A void that is
/// not listed is accepted and changes nothing.
/// </summary>
public static class PaymentStateMachine
{
    public static readonly IReadOnlyList<PaymentMoveRow> Table =
    [
        new(PaymentStatus.Authorizing, PaymentMove.Void),

        new(PaymentStatus.Authorized, PaymentMove.Capture),
        new(PaymentStatus.Authorized, PaymentMove.Void),

        new(PaymentStatus.PartlyCaptured, PaymentMove.Capture),
        new(PaymentStatus.PartlyCaptured, PaymentMove.Void),
        new(PaymentStatus.PartlyCaptured, PaymentMove.Refund),

        new(PaymentStatus.Captured, PaymentMove.Refund),
    ];

    /// <summary>True when the payment allows the move now. Once a void was requested, nothing is captured any more.</summary>
    public static bool Allows(PaymentState state, PaymentMove move) => AllowedCommands(state).Contains(move);

    /// <summary>The commands that the payment allows now.</summary>
    public static IEnumerable<PaymentMove> AllowedCommands(PaymentState state) => Table
        .Where(row => row.From == state.Status && (!state.Voiding || row.Move == PaymentMove.Refund))
        .Select(row => row.Move);
}
