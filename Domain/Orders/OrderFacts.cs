using System.Text.Json.Serialization;
using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What happens to an order. Facts that others react to say all that these need.</summary>
/// <param name="Status">Where the order stands after it, so that lists need no state machine of their own.</param>
public abstract record OrderFact(OrderStatus Status);

/// <summary>It was accepted, at these prices.</summary>
public sealed record OrderPlaced(
    OrderStatus Status,
    string? CustomerId,
    [Personal(Purpose.Contact)] GuestContact? Guest,
    Money Total,
    IReadOnlyList<OrderLine> Lines,
    [Personal(Purpose.Contact)] Address? ShippingAddress,
    [Personal(Purpose.Contact)] Address? BillingAddress,
    [Personal(Purpose.Payment)] string? PaymentMethod,
    string? Reference,
    DateTimeOffset OrderedAt,
    DateTimeOffset PlacedAt,
    string? Channel = null) : OrderFact(Status);

/// <summary>
/// The stock of every line of goods is held, and the money is being authorized. Recorded when it cannot be confirmed at once.
/// </summary>
public sealed record OrderHeld(OrderStatus Status, string PaymentId) : OrderFact(Status);

/// <summary>The next step cannot be taken yet; the reason is for people.</summary>
public sealed record OrderWaiting(OrderStatus Status, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>Stock is held and money authorized (or none is needed).</summary>
public sealed record OrderConfirmed(
    OrderStatus Status, string? CustomerId, string? PaymentId, Money Total, int Lines, long Units, DateTimeOffset OrderedAt)
    : OrderFact(Status);

/// <summary>It could not be confirmed; what is held is now being released.</summary>
public sealed record OrderFailed(OrderStatus Status, string Code, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>The rest of it is not wanted any more, or cannot be had; what is held is now being released.</summary>
public sealed record CancellationRequested(OrderStatus Status, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>Nothing is held or authorized for it any more.</summary>
/// <param name="Status">Rejected, cancelled, or shipped when part of it had shipped.</param>
/// <param name="Reason">Why.</param>
/// <param name="CustomerId">Whose order.</param>
/// <param name="Total">Sum of its lines.</param>
/// <param name="WasConfirmed">True when it had been confirmed; then the other members say what of it will not ship.</param>
/// <param name="CancelledLines">Lines of which nothing has shipped; 0 when it was never confirmed, as are the next two.</param>
/// <param name="CancelledUnits">Units that have not shipped.</param>
/// <param name="CancelledAmount">What these are worth, in minor units: the total less all shipments.</param>
/// <param name="OrderedAt">When it was made.</param>
/// <param name="PaymentId">Its payment; null: there is none, and there never will be.</param>
/// <param name="Credited">
/// Minor units that were captured for what has not shipped, and went to the customer's credit because the payment method did not take them.
/// </param>
public sealed record OrderClosed(
    OrderStatus Status, [Personal(Purpose.Contact)] string Reason, string? CustomerId, Money Total, bool WasConfirmed, int CancelledLines,
    long CancelledUnits, long CancelledAmount, DateTimeOffset OrderedAt, string? PaymentId = null, long Credited = 0) : OrderFact(Status);

/// <summary>A shipment was requested.</summary>
public sealed record ShipmentRequested(OrderStatus Status, Shipment Shipment) : OrderFact(Status);

/// <summary>The shipment's units have left the shelf. Recorded when its money cannot be captured at once.</summary>
public sealed record ShipmentPosted(OrderStatus Status, string ShipmentId) : OrderFact(Status);

/// <summary>The shipment is out and its money captured.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="ShipmentId">Which.</param>
/// <param name="CustomerId">Whose.</param>
/// <param name="Amount">What it is worth.</param>
/// <param name="ShippedAt">When.</param>
/// <param name="Captured">Minor units that were captured for it; the rest had been captured before.</param>
public sealed record ShipmentCompleted(
    OrderStatus Status, string ShipmentId, string? CustomerId, Money Amount, DateTimeOffset ShippedAt, long Captured)
    : OrderFact(Status);

/// <summary>The shipment cannot be had as it was asked for: it does not go out any more, and what has left the shelf is put back.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="ShipmentId">Which.</param>
/// <param name="Posted">What has left the shelf.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record ShipmentGivenUp(
    OrderStatus Status, string ShipmentId, IReadOnlyList<LineQuantity> Posted, [Personal(Purpose.Contact)] string Reason)
    : OrderFact(Status);

/// <summary>The shipment was given up; its units are back on the shelf and held, and can be shipped again.</summary>
public sealed record ShipmentFailed(OrderStatus Status, string ShipmentId, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>A return was asked for: its units are kept for it.</summary>
public sealed record ReturnRequested(OrderStatus Status, Return Return) : OrderFact(Status);

/// <summary>The return's units are here.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="ReturnId">Which.</param>
/// <param name="Amount">What its units are worth.</param>
/// <param name="ReturnedAt">When they came back.</param>
public sealed record ReturnReceived(OrderStatus Status, string ReturnId, Money Amount, DateTimeOffset ReturnedAt) : OrderFact(Status);

/// <summary>The return is not taken; its units can be asked for again.</summary>
public sealed record ReturnRejected(OrderStatus Status, string ReturnId, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>The return's units are back on the shelf.</summary>
public sealed record ReturnRestocked(OrderStatus Status, string ReturnId) : OrderFact(Status);

/// <summary>The return is done, and its money is where <paramref name="RefundedTo"/> says.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="ReturnId">Which.</param>
/// <param name="CustomerId">Whose.</param>
/// <param name="Refunded">What was given back for it: what its units are worth, less what had been given back of that before.</param>
/// <param name="RefundedTo">Where its money went.</param>
/// <param name="ReturnedAt">When the units came back.</param>
/// <param name="Credited">Minor units of it that went to the customer's credit.</param>
public sealed record ReturnCompleted(
    OrderStatus Status, string ReturnId, string? CustomerId, Money Refunded, RefundedTo RefundedTo, DateTimeOffset ReturnedAt,
    long Credited) : OrderFact(Status);

/// <summary>Money was given back at the payment and not for a return: by hand, or because the order closed.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="PaymentId">At which payment.</param>
/// <param name="RefundId">Its movement there.</param>
/// <param name="Kind">What it was.</param>
/// <param name="CustomerId">Whose.</param>
/// <param name="Amount">How much of the movement was of this kind.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record RefundNoted(
    OrderStatus Status, string PaymentId, string RefundId, RefundKind Kind, string? CustomerId, Money Amount, DateTimeOffset OccurredAt,
    [Personal(Purpose.Contact)] string? Reason) : OrderFact(Status);

/// <summary>Money was captured at a payment by hand.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="PaymentId">At which payment.</param>
/// <param name="CaptureId">Its movement there.</param>
/// <param name="Amount">How much.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record CaptureNoted(
    OrderStatus Status, string PaymentId, string CaptureId, Money Amount, DateTimeOffset OccurredAt,
    [Personal(Purpose.Contact)] string? Reason) : OrderFact(Status);

/// <summary>What is not captured yet is to be authorized anew.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="PaymentId">By which payment.</param>
/// <param name="PaymentMethod">The provider's token.</param>
public sealed record PaymentRequested(
    OrderStatus Status, string PaymentId, [Personal(Purpose.Payment)] string PaymentMethod) : OrderFact(Status);

/// <summary>It is authorized, and takes the place of what was authorized before.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="PaymentId">By which payment.</param>
/// <param name="Amount">How much it has authorized.</param>
/// <param name="Covered">Minor units that are captured or can be, by all payments, less what was paid ahead and given back.</param>
public sealed record PaymentReplaced(OrderStatus Status, string PaymentId, Money Amount, long Covered) : OrderFact(Status);

/// <summary>All has shipped, and its payments hold nothing any more.</summary>
/// <param name="Status">Shipped.</param>
/// <param name="CustomerId">Whose order; null for a guest's.</param>
/// <param name="Credited">What was captured and not owed, and no payment method took back: the customer's credit.</param>
public sealed record RestReleased(OrderStatus Status, string? CustomerId, Money Credited) : OrderFact(Status);

/// <summary>It was not authorized; the order is as it was.</summary>
public sealed record PaymentFailed(
    OrderStatus Status, string PaymentId, string Code, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>An authorization is gone before all of it was captured.</summary>
/// <param name="Status">Where the order stands.</param>
/// <param name="PaymentId">Of which payment.</param>
/// <param name="Amount">What was authorized and not captured.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record AuthorizationLost(
    OrderStatus Status, string PaymentId, Money Amount, [Personal(Purpose.Contact)] string Reason) : OrderFact(Status);

/// <summary>What of it is personal is to be erased.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="RequestedAt">When it was asked for.</param>
public sealed record OrderErasureRequested(OrderStatus Status, DateTimeOffset RequestedAt) : OrderFact(Status);

/// <summary>Nothing personal is left of it but what its invoice has to show.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Billed">Who was billed; null: nothing was.</param>
/// <param name="KeptUntil">Until when that is kept.</param>
/// <param name="ErasedAt">When.</param>
public sealed record OrderErased(
    OrderStatus Status, [Personal(Purpose.Statutory)] Address? Billed, DateTimeOffset? KeptUntil,
    DateTimeOffset ErasedAt) : OrderFact(Status), IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Purpose> Erases => Enum.GetValues<Purpose>();
}

/// <summary>Nothing personal is left of its payments either.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="CustomerId">Whose order; null for a guest's.</param>
public sealed record OrderErasureCompleted(OrderStatus Status, string? CustomerId) : OrderFact(Status);

/// <summary>The time is over for which its invoice had to be kept.</summary>
public sealed record InvoiceErased(OrderStatus Status) : OrderFact(Status), IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Purpose> Erases => [Purpose.Statutory];
}
