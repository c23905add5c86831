using Commerce.Customers;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>Places an order.</summary>
/// <param name="Id"><c>ord_…</c>; made from the idempotency key when not given.</param>
/// <param name="CustomerId">Who orders; leave it out for a guest.</param>
/// <param name="Guest">Who orders, where there is no customer.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Lines">1 to 2,000; a SKU may occur on many.</param>
/// <param name="ShippingAddress">Where to.</param>
/// <param name="BillingAddress">When not given, the shipping address.</param>
/// <param name="PaymentMethod">The payment provider's token; needed unless the total is zero. The sandbox's are listed at
/// <c>/docs</c>.</param>
/// <param name="OrderedAt">When the order was made, if not now: for orders imported from another channel.</param>
/// <param name="Reference">The other channel's number for it.</param>
internal sealed record NewOrder(
    string? Id,
    string? CustomerId,
    GuestContact? Guest,
    string Currency,
    IReadOnlyList<PlaceLine> Lines,
    Address? ShippingAddress,
    Address? BillingAddress,
    string? PaymentMethod,
    DateTimeOffset? OrderedAt,
    string? Reference)
{
    /// <summary>As the order understands it. A customer's own token says who orders.</summary>
    public PlaceOrder ToCommand(Caller caller) => new(
        CustomerId ?? caller.Reach.Customer, Guest, Currency, Lines, ShippingAddress, BillingAddress, PaymentMethod, OrderedAt, Reference);
}

/// <summary>Ships some or all of what is left.</summary>
/// <param name="Id"><c>shp_…</c>, unique within the order; made from the idempotency key when not given.</param>
/// <param name="Lines">What; when not given, all that is left.</param>
/// <param name="Carrier">Who carries it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="ShippedAt">When, if not now.</param>
internal sealed record NewShipment(
    string? Id, IReadOnlyList<LineQuantity>? Lines, string? Carrier, string? TrackingNumber, DateTimeOffset? ShippedAt);

/// <summary>Pays what is not captured yet anew.</summary>
/// <param name="Id"><c>pay_…</c>; made from the idempotency key when not given.</param>
/// <param name="PaymentMethod">The payment provider's token: the same as before or another one.</param>
internal sealed record NewPayment(string? Id, string PaymentMethod);

/// <summary>Asks to give shipped units back.</summary>
/// <param name="Id"><c>ret_…</c>, unique within the order; made from the idempotency key when not given.</param>
/// <param name="Lines">What; when not given, all that has shipped, is not back and was not asked for.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="Received">
/// True when the units are here already: they are taken in at once. That needs the scope <c>orders:return-receive</c>.
/// </param>
/// <param name="ReturnedAt">When they came back, if not now; only for units that are here.</param>
internal sealed record NewReturn(
    string? Id, IReadOnlyList<LineQuantity>? Lines, string Reason, string? Reference, bool? Received, DateTimeOffset? ReturnedAt);

/// <summary>The units of a return are here.</summary>
/// <param name="ReturnedAt">When they came back, if not now.</param>
internal sealed record ReturnReceipt(DateTimeOffset? ReturnedAt);

/// <summary>A return is not taken.</summary>
/// <param name="Reason">Why, for a person.</param>
internal sealed record ReturnRejection(string Reason);

/// <summary>Issues a credit note.</summary>
/// <param name="Id"><c>crn_…</c>; made from the idempotency key when not given.</param>
/// <param name="CustomerId">Whose credit; leave it out where unknown.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Lines">1 to 2,000.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="IssuedAt">When, if not now.</param>
internal sealed record NewCreditNote(
    string? Id, string? CustomerId, string Currency, IReadOnlyList<CreditLine> Lines, string Reason, string? Reference,
    DateTimeOffset? IssuedAt)
{
    /// <summary>As the credit note understands it.</summary>
    public IssueCreditNote ToCommand() => new(CustomerId, Currency, Lines, Reason, Reference, IssuedAt);
}
