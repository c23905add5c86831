using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What happens to an order. Facts that others react to say all that these need.</summary>
public abstract record OrderFact;

/// <summary>It was accepted, at these prices.</summary>
public sealed record OrderPlaced(
    string? CustomerId, GuestContact? Guest, Money Total, IReadOnlyList<OrderLine> Lines, Address? ShippingAddress, Address? BillingAddress,
    string? PaymentMethod, string? Reference, DateTimeOffset OrderedAt, DateTimeOffset PlacedAt) : OrderFact;

/// <summary>The stock of every line of goods is held.</summary>
public sealed record OrderHeld : OrderFact;

/// <summary>The next step cannot be taken yet; the reason is for people.</summary>
public sealed record OrderWaiting(string Reason) : OrderFact;

/// <summary>Stock is held and money authorized (or none is needed).</summary>
public sealed record OrderConfirmed(
    string? CustomerId, string? PaymentId, Money Total, int Lines, long Units, DateTimeOffset OrderedAt) : OrderFact;

/// <summary>It could not be confirmed; what is held is now being given back.</summary>
public sealed record OrderFailed(string Code, string Reason) : OrderFact;

/// <summary>Somebody does not want the rest of it, or cannot have it; what is held is now being given back.</summary>
public sealed record CancellationRequested(string Reason) : OrderFact;

/// <summary>Nothing is held or authorized for it any more.</summary>
/// <param name="Outcome">Rejected, cancelled, or shipped when part of it had shipped.</param>
/// <param name="Reason">Why.</param>
/// <param name="CustomerId">Whose order.</param>
/// <param name="Total">Sum of its lines.</param>
/// <param name="WasConfirmed">True when it had been confirmed; then the rest of the members tell what of that will not ship.</param>
/// <param name="CancelledLines">Lines of which nothing has shipped; 0 when it was never confirmed, as are the next two.</param>
/// <param name="CancelledUnits">Units that have not shipped.</param>
/// <param name="CancelledAmount">What these are worth, in minor units: the total less all shipments.</param>
/// <param name="OrderedAt">When it was made.</param>
public sealed record OrderClosed(
    OrderStatus Outcome, string Reason, string? CustomerId, Money Total, bool WasConfirmed, int CancelledLines, long CancelledUnits,
    long CancelledAmount, DateTimeOffset OrderedAt) : OrderFact;

/// <summary>A shipment was asked for.</summary>
public sealed record ShipmentRequested(Shipment Shipment) : OrderFact;

/// <summary>The shipment's units have left the shelf.</summary>
public sealed record ShipmentPosted(string ShipmentId) : OrderFact;

/// <summary>The shipment is out and its money captured.</summary>
public sealed record ShipmentCompleted(string ShipmentId, string? CustomerId, Money Amount, DateTimeOffset ShippedAt) : OrderFact;

/// <summary>The shipment was given up; its units are back on the shelf and the order's rest is being cancelled.</summary>
public sealed record ShipmentFailed(string ShipmentId, string Reason) : OrderFact;

/// <summary>A return was asked for.</summary>
public sealed record ReturnRequested(Return Return) : OrderFact;

/// <summary>The return's units are back on the shelf.</summary>
public sealed record ReturnRestocked(string ReturnId) : OrderFact;

/// <summary>The return is done, and its money is where <paramref name="RefundedTo"/> says.</summary>
/// <param name="ReturnId">Which.</param>
/// <param name="CustomerId">Whose.</param>
/// <param name="Amount">What the returned units are worth, whoever has given it back: what reports count.</param>
/// <param name="RefundedTo">Where its money went.</param>
/// <param name="ReturnedAt">When the units came back.</param>
/// <param name="Credited">
/// Minor units that went to the customer's credit: the amount, less what had been given back by hand before; that is booked already.
/// </param>
public sealed record ReturnCompleted(
    string ReturnId, string? CustomerId, Money Amount, RefundedTo RefundedTo, DateTimeOffset ReturnedAt, long Credited) : OrderFact;

/// <summary>What happens to a credit note.</summary>
public abstract record CreditNoteFact;

/// <summary>It was issued.</summary>
public sealed record CreditNoteIssued(
    string? CustomerId, Money Total, IReadOnlyList<CreditedLine> Lines, string Reason, string? Reference, DateTimeOffset IssuedAt)
    : CreditNoteFact;

/// <summary>Its goods are back on the shelf.</summary>
public sealed record CreditNoteCompleted : CreditNoteFact;
