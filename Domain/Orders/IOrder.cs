using System.Text.Json.Serialization;
using Commerce.Customers;
using Commerce.Catalogue;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>
/// An order, from placed to cash. The entity's key is <c>ord_…</c>. With <see cref="CallContext.WaitUntil"/> an answer holds the order,
/// too, if it has settled by then.
/// </summary>
[Pipelined]
public interface IOrder : IEntity
{
    /// <summary>
    /// Places it at the catalogue's prices or, where the caller may, at negotiated ones. Accepted means durable, not confirmed: holding
    /// the stock and authorizing the money follow by themselves. Refused: <c>order_exists</c>, <c>no_lines</c>, <c>too_many_lines</c>,
    /// <c>invalid_*</c>, <c>unknown_sku</c>, <c>product_withdrawn</c>, <c>no_price</c>, <c>unknown_customer</c>, <c>may_not_negotiate</c>,
    /// <c>may_not_import</c>, <c>total_too_large</c>, <c>payment_method_required</c>.
    /// </summary>
    Task<Result<OrderAnswer>> Place(PlaceOrder command, CallContext call);

    /// <summary>Cancels what has not shipped. Refused: <c>unknown_order</c>, <c>move_not_allowed</c>.</summary>
    Task<Result<OrderAnswer>> Cancel(CancelOrder command, CallContext call);

    /// <summary>
    /// Ships lines, or all that is left: posts their holds and captures their money. Refused: <c>unknown_order</c>,
    /// <c>move_not_allowed</c>, <c>no_lines</c>, <c>unknown_line</c>, <c>invalid_quantity</c>, <c>shipment_exceeds_order</c>,
    /// <c>payment_pending</c>, <c>payment_required</c>. Units that are not on the shelf and money that cannot be captured fail the
    /// shipment; the order stays as it was.
    /// </summary>
    Task<Result<OrderAnswer>> Ship(ShipOrder command, CallContext call);

    /// <summary>
    /// Has the money that is not captured yet authorized anew, by the same payment method or another one; what was authorized before is
    /// given back. Refused: <c>unknown_order</c>, <c>move_not_allowed</c>, <c>payment_exists</c>, <c>payment_pending</c>,
    /// <c>nothing_to_pay</c>, <c>invalid_*</c>.
    /// </summary>
    Task<Result<OrderAnswer>> Pay(PayOrder command, CallContext call);

    /// <summary>
    /// Asks to give shipped units back, or takes them in where they are here already. Refused: <c>unknown_order</c>,
    /// <c>move_not_allowed</c>, <c>return_exists</c>, <c>may_not_receive</c>, <c>too_many_returns</c>, <c>unknown_line</c>,
    /// <c>invalid_*</c>, <c>return_exceeds_shipment</c>.
    /// </summary>
    Task<Result<OrderAnswer>> Return(ReturnItems command, CallContext call);

    /// <summary>
    /// Takes the units of a return in: they go back to stock, and their money is refunded. Refused: <c>unknown_order</c>,
    /// <c>unknown_return</c>, <c>move_not_allowed</c>, <c>invalid_time</c>.
    /// </summary>
    Task<Result<OrderAnswer>> ReceiveReturn(ReceiveReturn command, CallContext call);

    /// <summary>
    /// Does not take a return that was asked for. Refused: <c>unknown_order</c>, <c>unknown_return</c>, <c>move_not_allowed</c>,
    /// <c>invalid_reason</c>.
    /// </summary>
    Task<Result<OrderAnswer>> RejectReturn(RejectReturn command, CallContext call);

    /// <summary>What was held or authorized for this order has expired: what has not shipped is cancelled. For reactions.</summary>
    Task<Result<OrderAnswer>> CancelExpired(CancelExpiredOrder command, CallContext call);

    /// <summary>
    /// Money of its payments was given back, or an authorization is gone: it becomes part of the order. For reactions. Refused:
    /// <c>unknown_order</c>.
    /// </summary>
    Task<Result<OrderAnswer>> NotePayments(CallContext call);

    /// <summary>
    /// Erases what of it is personal, once it is at rest; what an invoice has to show stays for its time. Again: accepted. Refused:
    /// <c>unknown_order</c>.
    /// </summary>
    Task<Result<OrderErasure>> Erase(CallContext call);

    /// <summary>Something the order may be waiting for has changed: look again. For reactions.</summary>
    Task Continue(CallContext call);

    /// <summary>The order, or null when there is none.</summary>
    [Interleaved]
    Task<OrderView?> Get();

    /// <summary>How far the erasure has come; null when none was asked for.</summary>
    [Interleaved]
    Task<OrderErasure?> GetErasure();

    /// <summary>The order once it has nothing more to do by itself, or as it is at the deadline; null when there is none.</summary>
    [Interleaved]
    Task<OrderView?> WhenSettled(DateTimeOffset deadline);
}

/// <summary>Where an order stands.</summary>
public enum OrderStatus
{
    /// <summary>Accepted; its stock is being held and its money authorized.</summary>
    Placed,

    /// <summary>All stock is held; it waits for its money to be authorized.</summary>
    Held,

    /// <summary>Stock held and money authorized: it can ship.</summary>
    Confirmed,

    /// <summary>Some of it has shipped.</summary>
    PartlyShipped,

    /// <summary>All that was not cancelled has shipped.</summary>
    Shipped,

    /// <summary>It failed or was cancelled; what is still held or authorized is being given back.</summary>
    Closing,

    /// <summary>It could not be confirmed; nothing is held or authorized any more.</summary>
    Rejected,

    /// <summary>Cancelled before anything shipped; nothing is held or authorized any more.</summary>
    Cancelled,
}

/// <summary>Places an order.</summary>
/// <param name="CustomerId">Who orders; null for a guest.</param>
/// <param name="Guest">Who orders, where there is no customer.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Lines">1 to <see cref="PlaceOrder.MaxLines"/>; a SKU may occur on many.</param>
/// <param name="ShippingAddress">Where to.</param>
/// <param name="BillingAddress">Null: as shipping.</param>
/// <param name="PaymentMethod">The payment provider's token; needed unless the total is zero.</param>
/// <param name="OrderedAt">
/// When the order was made, if not now: for orders imported from another channel. Not in the future; more than five minutes back needs the
/// scope <c>orders:import</c>.
/// </param>
/// <param name="Reference">The other channel's number for it.</param>
public sealed record PlaceOrder(
    string? CustomerId,
    GuestContact? Guest,
    string Currency,
    IReadOnlyList<PlaceLine> Lines,
    Address? ShippingAddress = null,
    Address? BillingAddress = null,
    string? PaymentMethod = null,
    DateTimeOffset? OrderedAt = null,
    string? Reference = null)
{
    /// <summary>The most lines an order can have.</summary>
    public const int MaxLines = 2_000;

    /// <summary>The most units a line can have.</summary>
    public const long MaxQuantity = 1_000_000;
}

/// <summary>One line of an order as it is placed.</summary>
/// <param name="Sku">What.</param>
/// <param name="Quantity">Units, 1 to <see cref="PlaceOrder.MaxQuantity"/>.</param>
/// <param name="UnitPrice">
/// Minor units, at most 6 decimals; null: the catalogue's. Setting it needs the scope <c>orders:negotiate</c>.
/// </param>
public sealed record PlaceLine(string Sku, long Quantity, decimal? UnitPrice = null);

/// <summary>Cancels what has not shipped.</summary>
public sealed record CancelOrder(string Reason);

/// <summary>Cancels what has not shipped, because something it relied on is gone.</summary>
public sealed record CancelExpiredOrder(string Reason);

/// <summary>Part of an order's line.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Quantity">Units.</param>
public sealed record LineQuantity(int Line, long Quantity);

/// <summary>Ships.</summary>
/// <param name="ShipmentId">Unique within the order.</param>
/// <param name="Lines">What; null: all that is left.</param>
/// <param name="Carrier">Who carries it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="ShippedAt">When, if not now.</param>
public sealed record ShipOrder(
    string ShipmentId,
    IReadOnlyList<LineQuantity>? Lines = null,
    string? Carrier = null,
    string? TrackingNumber = null,
    DateTimeOffset? ShippedAt = null);

/// <summary>Has what is not captured yet authorized anew.</summary>
/// <param name="PaymentId"><c>pay_…</c>, of a payment that does not exist yet.</param>
/// <param name="PaymentMethod">The payment provider's token.</param>
public sealed record PayOrder(string PaymentId, string PaymentMethod);

/// <summary>The answer to a command: where the order stood then.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Its status.</param>
/// <param name="Total">Sum of its lines.</param>
/// <param name="Version">Its version.</param>
/// <param name="Settled">The order once it has settled, if the caller wanted to wait for it and it was in time.</param>
public sealed record OrderAnswer(string Id, OrderStatus Status, Money Total, long Version, OrderView? Settled = null);

/// <summary>A line as it stands.</summary>
/// <param name="Line">Number, from 1.</param>
/// <param name="Sku">What.</param>
/// <param name="Name">The product's name when it was ordered.</param>
/// <param name="Kind">Goods or service.</param>
/// <param name="Quantity">Units ordered.</param>
/// <param name="UnitPrice">Minor units.</param>
/// <param name="Total">Minor units: unit price times quantity, rounded once, half to even.</param>
/// <param name="ProductVersion">The version of the product that name and price are of: its newest, or that of a moment ago.</param>
/// <param name="Shipped">Units shipped.</param>
/// <param name="Returned">Of these, units that came back.</param>
/// <param name="Cancelled">Units that will not ship.</param>
public sealed record OrderLine(
    int Line, string Sku, string Name, ProductKind Kind, long Quantity, decimal UnitPrice, long Total, long ProductVersion,
    long Shipped = 0, long Returned = 0, long Cancelled = 0)
{
    /// <summary>Units still to ship.</summary>
    public long Open => Quantity - Shipped - Cancelled;
}

/// <summary>How far a shipment has come.</summary>
public enum ShipmentStatus
{
    /// <summary>Accepted; its units are leaving the shelf, and its money is being captured.</summary>
    Requested,

    /// <summary>Its units have left the shelf; it waits for its money to be captured.</summary>
    Posted,

    /// <summary>It is out and its money captured.</summary>
    Completed,

    /// <summary>It does not go out: its goods or its money could not be had. What had left the shelf is being put back.</summary>
    GivenUp,

    /// <summary>Given up and undone; the reason tells why. The order is as it was before.</summary>
    Failed,
}

/// <summary>A shipment of an order.</summary>
/// <param name="Id">Unique within the order.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Amount">Minor units that it is worth.</param>
/// <param name="Carrier">Who carries it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="ShippedAt">When.</param>
/// <param name="Reason">Why it failed.</param>
/// <param name="Captured">Minor units that were captured for it; the rest of its amount had been captured before.</param>
public sealed record Shipment(
    string Id, ShipmentStatus Status, IReadOnlyList<LineQuantity> Lines, long Amount,
    [Personal(Purpose.Contact)] string? Carrier,
    [Personal(Purpose.Contact)] string? TrackingNumber,
    DateTimeOffset ShippedAt,
    [Personal(Purpose.Contact)] string? Reason = null,
    long Captured = 0)
{
    /// <summary>True while something of it has yet to be done.</summary>
    [JsonIgnore]
    public bool IsPending => Status is ShipmentStatus.Requested or ShipmentStatus.Posted or ShipmentStatus.GivenUp;
}

/// <summary>Money that was captured by hand at one of the order's payments, ahead of any shipment.</summary>
/// <param name="PaymentId">At which payment.</param>
/// <param name="Id">Its movement there.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record OrderCapture(
    string PaymentId, string Id, long Amount, DateTimeOffset OccurredAt, [Personal(Purpose.Contact)] string? Reason);

/// <summary>What money was that was given back at a payment.</summary>
public enum RefundKind
{
    /// <summary>Of what has shipped and is kept: less is left of the sale.</summary>
    Allowance,

    /// <summary>Of what was captured before anything shipped for it.</summary>
    Prepayment,

    /// <summary>Of the customer's credit, which came from this order.</summary>
    CustomerCredit,
}

/// <summary>Money that was given back at one of the order's payments and not for a return: by hand, or because the order closed.</summary>
/// <param name="PaymentId">At which payment.</param>
/// <param name="Id">Its movement there. What was of two kinds is there twice.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record OrderRefund(
    string PaymentId, string Id, RefundKind Kind, long Amount, DateTimeOffset OccurredAt, [Personal(Purpose.Contact)] string? Reason);

/// <summary>An order as others see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Settled">True when it has nothing more to do by itself.</param>
/// <param name="Waiting">What it waits for, in words; null when it does not.</param>
/// <param name="Reason">Why it was rejected or cancelled.</param>
/// <param name="CustomerId">Who ordered; null for a guest.</param>
/// <param name="Guest">The guest.</param>
/// <param name="Total">Sum of its lines.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Shipments">Its shipments, in order.</param>
/// <param name="Returns">Its returns, in order; one that is received moves to the end.</param>
/// <param name="Captures">What was captured by hand, in order.</param>
/// <param name="Refunds">What was given back besides, in order: by hand, or because the order closed.</param>
/// <param name="Payments">Its payments, in order; none when its total is zero, or until the first is known to exist.</param>
/// <param name="AmountDue">
/// Minor units that are neither captured nor authorized and have to be before all of it can ship; above zero when an authorization is gone.
/// </param>
/// <param name="ShippingAddress">Where to.</param>
/// <param name="BillingAddress">Who is billed.</param>
/// <param name="PaymentId">The payment that counts now; null where there is none.</param>
/// <param name="Reference">The other channel's number for it.</param>
/// <param name="OrderedAt">When it was made.</param>
/// <param name="PlacedAt">When it was recorded here.</param>
/// <param name="AllowedMoves">What may be asked of it now.</param>
/// <param name="Version">For If-Match.</param>
/// <param name="Channel">The partner's channel that it came by; null: none.</param>
public sealed record OrderView(
    string Id, OrderStatus Status, bool Settled,
    [Personal(Purpose.Contact)] string? Waiting,
    [Personal(Purpose.Contact)] string? Reason,
    string? CustomerId,
    [Personal(Purpose.Contact)] GuestContact? Guest,
    Money Total, IReadOnlyList<OrderLine> Lines, IReadOnlyList<Shipment> Shipments, IReadOnlyList<Return> Returns,
    IReadOnlyList<OrderCapture> Captures, IReadOnlyList<OrderRefund> Refunds, IReadOnlyList<OrderPayment> Payments, long AmountDue,
    [Personal(Purpose.Contact)] Address? ShippingAddress,
    [Personal(Purpose.Contact)] Address? BillingAddress, string? PaymentId, string? Reference, DateTimeOffset OrderedAt,
    DateTimeOffset PlacedAt, IReadOnlyList<string> AllowedMoves, long Version, string? Channel = null) : IOwned
{
    [JsonIgnore]
    public Owner Owner => new(CustomerId, Id, Channel);
}
