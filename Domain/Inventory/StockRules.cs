using Commerce.Kernel;

namespace Commerce.Inventory;

/// <summary>The stock of one SKU as its rules see it.</summary>
/// <param name="OnHand">Units on the shelf, held ones included.</param>
/// <param name="Holds">What is set aside.</param>
/// <param name="Backorder">True when more may be held than is on hand.</param>
public sealed record StockState(long OnHand, Holds Holds, bool Backorder)
{
    public static readonly StockState Initial = new(0, Holds.None, false);

    /// <summary>What can still be held.</summary>
    public long Available => OnHand - Holds.Held;
}

/// <summary>
/// The rules of stock. Invariants: on hand is never below zero, and below what is held only where the SKU allows backorder; so nothing is
/// sold twice, and what is not on the shelf does not leave it.
/// </summary>
public static class StockRules
{
    /// <summary>The most units that one command can move.</summary>
    public const long MaxQuantity = 1_000_000_000;

    /// <summary>The most units that can be on hand.</summary>
    public const long MaxOnHand = 1_000_000_000_000;

    /// <summary>The stock of one SKU. Holds expire by themselves.</summary>
    public static readonly EntityDefinition<StockState, StockFact> Definition = new("stock/1", StockState.Initial, Evolve)
    {
        WhenDue = new((state, now) => state.Holds.NextExpiry(now), Expire),
    };

    public static StockState Evolve(StockState state, StockFact fact) => fact switch
    {
        StockReceived f => state with { OnHand = state.OnHand + f.Quantity },
        StockAdjusted f => state with { OnHand = state.OnHand + f.Change },
        StockHeld f => state with { Holds = state.Holds.Place(new Hold(f.HoldId, f.Quantity, f.ExpiresAt)) },
        HoldPosted f => state with { OnHand = state.OnHand - f.Quantity, Holds = state.Holds.Post(f.HoldId, f.Quantity) },
        HoldUnposted f => state with
        {
            OnHand = state.OnHand + f.Quantity, Holds = state.Holds.Unpost(new Hold(f.HoldId, f.Quantity, f.ExpiresAt)),
        },
        HoldVoided f => state with { Holds = state.Holds.Void(f.HoldId) },
        HoldExpired f => state with { Holds = state.Holds.Void(f.HoldId).Rewound() },
        StockReturned f => state with { OnHand = state.OnHand + f.Quantity },
        BackorderAllowed f => state with { Backorder = f.Allowed },
        _ => throw new InvalidOperationException($"Stock does not know the fact {fact.GetType().Name}."),
    };

    public static Decision<StockFact> Receive(StockState state, ReceiveStock command, DateTimeOffset now)
    {
        if (BadQuantity("/quantity", command.Quantity) is { } bad) return bad;
        if (Refusals.Future("/occurredAt", command.OccurredAt, now) is { } future) return future;
        if (state.OnHand + command.Quantity > MaxOnHand) return TooMuch("/quantity", state.OnHand, command.Quantity);
        return new StockReceived(command.Quantity, command.Reference, command.OccurredAt ?? now);
    }

    /// <summary>What is on hand is corrected.</summary>
    public static Decision<StockFact> Adjust(StockState state, AdjustStock command, DateTimeOffset now)
    {
        if (BadQuantity("/change", Math.Abs(Math.Max(command.Change, -long.MaxValue))) is { } bad) return bad;
        if (string.IsNullOrWhiteSpace(command.Reason)) return NoReason;
        if (Refusals.Future("/occurredAt", command.OccurredAt, now) is { } future) return future;
        if (state.OnHand + command.Change > MaxOnHand) return TooMuch("/change", state.OnHand, command.Change);
        if (command.Change < 0 && !state.Backorder && state.Available + command.Change < 0)
            return NotEnough("/change", -command.Change, state);
        if (state.OnHand + command.Change < 0) return NotOnShelf("/change", -command.Change, state);
        return new StockAdjusted(command.Change, command.Reason.Trim(), command.Reference, command.OccurredAt ?? now);
    }

    /// <summary>Units are set aside.</summary>
    public static Decision<StockFact> Hold(StockState state, HoldStock command)
    {
        if (state.Holds.Find(command.HoldId) is not null) return Decision<StockFact>.Nothing;
        if (BadQuantity("/quantity", command.Quantity) is { } bad) return bad;
        if (!state.Backorder && state.Available < command.Quantity) return OutOfStock(command.Quantity, state);
        return new StockHeld(command.HoldId, command.Quantity, command.ExpiresAt);
    }

    /// <summary>Held units leave the shelf.</summary>
    public static Decision<StockFact> Post(StockState state, PostHold command, DateTimeOffset now)
    {
        if (BadQuantity("/quantity", command.Quantity) is { } bad) return bad;
        if (state.Holds.Find(command.HoldId) is not { } hold) return UnknownHold(command.HoldId);
        if (command.Quantity > hold.Quantity) return HoldExceeded(hold, command.Quantity);
        if (command.Quantity > state.OnHand) return NotOnShelf("/quantity", command.Quantity, state);
        return new HoldPosted(command.HoldId, command.Quantity, command.OccurredAt ?? now);
    }

    /// <summary>Posted units are held again.</summary>
    public static Decision<StockFact> Unpost(StockState state, UnpostHold command, DateTimeOffset now)
    {
        if (BadQuantity("/quantity", command.Quantity) is { } bad) return bad;
        if (state.OnHand + command.Quantity > MaxOnHand) return TooMuch("/quantity", state.OnHand, command.Quantity);
        return new HoldUnposted(command.HoldId, command.Quantity, command.ExpiresAt, command.OccurredAt ?? now);
    }

    /// <summary>A hold is given back.</summary>
    public static Decision<StockFact> Void(StockState state, VoidHold command)
    {
        if (state.Holds.Find(command.HoldId) is not { } hold) return Decision<StockFact>.Nothing;
        return new HoldVoided(hold.Id, hold.Quantity);
    }

    /// <summary>Holds whose time is up are given back.</summary>
    public static Decision<StockFact> Expire(StockState state, DateTimeOffset now) =>
        Decision<StockFact>.Of([.. state.Holds.DueAt(now).Select(h => new HoldExpired(h.Id, h.Quantity))]);

    /// <summary>Sold units come back.</summary>
    public static Decision<StockFact> Return(StockState state, ReturnStock command, DateTimeOffset now)
    {
        if (BadQuantity("/quantity", command.Quantity) is { } bad) return bad;
        if (state.OnHand + command.Quantity > MaxOnHand) return TooMuch("/quantity", state.OnHand, command.Quantity);
        return new StockReturned(command.Quantity, command.Reference, command.OccurredAt ?? now);
    }

    /// <summary>Whether more may be held than is on hand.</summary>
    public static Decision<StockFact> AllowBackorder(StockState state, AllowBackorder command)
    {
        if (state.Backorder == command.Allowed) return Decision<StockFact>.Nothing;
        if (!command.Allowed && state.Available < 0) return StillOwed(state);
        return new BackorderAllowed(command.Allowed);
    }

    private static readonly Refusal NoReason = Refusals.Invalid(
        "reason_required", "/reason", "An adjustment needs a reason.", "Say why the count changes: damage, theft, stock take.");

    private static Refusal? BadQuantity(string field, long quantity) => quantity is >= 1 and <= MaxQuantity
        ? null
        : Refusals.Invalid(
            "invalid_quantity", field, $"{quantity} is not a quantity that can be moved.", $"Give a whole number from 1 to {MaxQuantity}.");

    private static Refusal TooMuch(string field, long onHand, long change) => Refusals.Invalid(
        "invalid_quantity", field, $"{change} more than the {onHand} on hand is beyond what is counted.",
        $"At most {MaxOnHand} can be on hand.") with { Retryable = true }; // there may be room by then

    private static Refusal OutOfStock(long wanted, StockState state) => new(
        "out_of_stock", RefusalKind.Conflict, $"{wanted} wanted, {state.Available} available.", "Order fewer, or wait for a receipt.",
        "/quantity", new RefusalValues(Available: state.Available));

    private static Refusal NotEnough(string field, long units, StockState state) => new(
        "not_enough_stock", RefusalKind.Conflict,
        $"{units} units cannot go: {state.OnHand} on hand, of which {state.Holds.Held} are held for orders.",
        "Cancel orders that hold them first, or allow backorder for this SKU.",
        field, new RefusalValues(Available: state.Available));

    private static Refusal NotOnShelf(string field, long units, StockState state) => new(
        "not_on_shelf", RefusalKind.Conflict, $"{units} units cannot leave the shelf: {state.OnHand} are on it.",
        state.OnHand > 0 ? $"Take at most {state.OnHand}, or receive the others first." : "Receive them first.",
        field, new RefusalValues(OnHand: state.OnHand));

    private static Refusal StillOwed(StockState state) => new(
        "not_enough_stock", RefusalKind.Conflict,
        $"{state.Holds.Held} units are held and {state.OnHand} are on hand: {-state.Available} are still owed.",
        "Receive them, or cancel orders that hold them, and forbid backorder then.",
        "/allowed", new RefusalValues(Available: state.Available));

    private static Refusal UnknownHold(string id) => new(
        "unknown_hold", RefusalKind.Conflict, $"There is no open hold '{id}'; it was posted, voided or has expired.",
        "Hold the units again.");

    private static Refusal HoldExceeded(Hold hold, long wanted) => new(
        "hold_exceeded", RefusalKind.Conflict, $"{wanted} wanted from the hold '{hold.Id}', which has {hold.Quantity} left.",
        "Post fewer.");
}
