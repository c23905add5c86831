using Commerce.Kernel;

namespace Commerce.Inventory;

/// <summary>The stock of one SKU: units on hand, held, available. The entity's key is the SKU.</summary>
[Pipelined]
public interface IStock : IEntity
{
    /// <summary>Units arrive. Refused: <c>invalid_quantity</c>, <c>invalid_time</c>.</summary>
    Task<Result<StockLevel>> Receive(ReceiveStock command, CallContext call);

    /// <summary>
    /// A count or damage corrects what is on hand. Refused: <c>invalid_quantity</c>, <c>reason_required</c>, <c>invalid_time</c>,
    /// <c>not_enough_stock</c>, <c>not_on_shelf</c>.
    /// </summary>
    Task<Result<StockLevel>> Adjust(AdjustStock command, CallContext call);

    /// <summary>
    /// Sets units aside. The same hold id again: accepted, nothing changes. Refused: <c>out_of_stock</c>, <c>invalid_quantity</c>.
    /// </summary>
    Task<Result<StockLevel>> Hold(HoldStock command, CallContext call);

    /// <summary>
    /// Units of a hold leave the shelf. Refused: <c>invalid_quantity</c>, <c>unknown_hold</c>, <c>hold_exceeded</c>, <c>not_on_shelf</c>.
    /// </summary>
    Task<Result<StockLevel>> Post(PostHold command, CallContext call);

    /// <summary>
    /// Units that were posted did not leave after all: they are on the shelf, and held as before. Refused: <c>invalid_quantity</c>; for
    /// want of room, as <see cref="Return"/>.
    /// </summary>
    Task<Result<StockLevel>> Unpost(UnpostHold command, CallContext call);

    /// <summary>Gives back what is left of a hold; a hold that is not open: accepted, nothing changes.</summary>
    Task<Result<StockLevel>> Void(VoidHold command, CallContext call);

    /// <summary>
    /// Sold units come back to the shelf. Refused: <c>invalid_quantity</c>. Where it is for want of room, the answer is not kept, and the
    /// same operation succeeds once there is room; so do <see cref="Receive"/> and <see cref="Adjust"/>.
    /// </summary>
    Task<Result<StockLevel>> Return(ReturnStock command, CallContext call);

    /// <summary>
    /// Whether more may be held than is on hand. Refused: <c>not_enough_stock</c> when forbidding it would leave less than none.
    /// </summary>
    Task<Result<StockLevel>> AllowBackorder(AllowBackorder command, CallContext call);

    /// <summary>The level; null when nothing ever happened to this SKU's stock.</summary>
    [Interleaved]
    Task<StockLevel?> Get();
}

/// <summary>Units arrive.</summary>
/// <param name="Quantity">Units, 1 to <see cref="StockRules.MaxQuantity"/>.</param>
/// <param name="Reference">The caller's document, such as a delivery note.</param>
/// <param name="OccurredAt">When, if not now.</param>
public sealed record ReceiveStock(long Quantity, string? Reference = null, DateTimeOffset? OccurredAt = null);

/// <summary>Corrects what is on hand.</summary>
/// <param name="Change">Units, not zero; negative takes away.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="OccurredAt">When, if not now.</param>
public sealed record AdjustStock(long Change, string Reason, string? Reference = null, DateTimeOffset? OccurredAt = null);

/// <summary>Sets units aside.</summary>
/// <param name="HoldId">Named by the holder: <c>ord_1/3</c> for line 3 of an order.</param>
/// <param name="Quantity">Units, at least 1.</param>
/// <param name="ExpiresAt">From when they are free again by themselves; null: never.</param>
public sealed record HoldStock(string HoldId, long Quantity, DateTimeOffset? ExpiresAt = null);

/// <summary>Units of a hold leave the shelf.</summary>
/// <param name="HoldId">Of which hold.</param>
/// <param name="Quantity">Units, at least 1.</param>
/// <param name="OccurredAt">When, if not now.</param>
public sealed record PostHold(string HoldId, long Quantity, DateTimeOffset? OccurredAt = null);

/// <summary>Posted units are held again.</summary>
/// <param name="HoldId">Of which hold.</param>
/// <param name="Quantity">Units, at least 1.</param>
/// <param name="ExpiresAt">From when they are free again by themselves, where nothing of the hold was left; null: never.</param>
/// <param name="OccurredAt">When, if not now.</param>
public sealed record UnpostHold(string HoldId, long Quantity, DateTimeOffset? ExpiresAt = null, DateTimeOffset? OccurredAt = null);

/// <summary>Gives a hold back.</summary>
public sealed record VoidHold(string HoldId);

/// <summary>Units come back.</summary>
public sealed record ReturnStock(long Quantity, string Reference, DateTimeOffset? OccurredAt = null);

/// <summary>Whether more may be held than is on hand.</summary>
public sealed record AllowBackorder(bool Allowed);

/// <summary>The stock of one SKU.</summary>
/// <param name="Sku">Which.</param>
/// <param name="OnHand">Units on the shelf, held ones included.</param>
/// <param name="Held">Units set aside.</param>
/// <param name="Backorder">True when more may be held than is on hand.</param>
/// <param name="Version">The entity's version.</param>
public sealed record StockLevel(string Sku, long OnHand, long Held, bool Backorder, long Version)
{
    /// <summary>What can still be held: on hand less held. Negative only with backorder.</summary>
    public long Available => OnHand - Held;
}

/// <summary>What moved stock on hand. A shipment that failed is there twice: what left, and what is back.</summary>
public enum MovementKind
{
    Receipt,

    Adjustment,

    Shipment,

    Return,
}

/// <summary>One change of units on hand.</summary>
/// <param name="Sku">Which SKU.</param>
/// <param name="Kind">What moved it.</param>
/// <param name="Units">Signed change of on hand.</param>
/// <param name="Reason">For adjustments.</param>
/// <param name="Reference">The document it belongs to.</param>
/// <param name="OccurredAt">When it happened in the business.</param>
/// <param name="Version">The stock's version that it made.</param>
public sealed record StockMovement(
    string Sku, MovementKind Kind, long Units, string? Reason, string? Reference, DateTimeOffset OccurredAt, long Version);

/// <summary>Lists over all stock; may lag behind by moments.</summary>
public interface IStockQueries : IQueries
{
    /// <summary>Levels by SKU.</summary>
    Task<Page<StockLevel>> List(PageRequest page, CancellationToken cancel);

    /// <summary>Movements by time of occurrence, oldest first, filtered by what is given (<paramref name="to"/> is exclusive).</summary>
    Task<Page<StockMovement>> Movements(
        string? sku, MovementKind? kind, DateTimeOffset? from, DateTimeOffset? to, PageRequest page, CancellationToken cancel);
}
