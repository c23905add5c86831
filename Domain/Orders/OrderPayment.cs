using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What a payment is to its order.</summary>
public enum OrderPaymentStatus
{
    /// <summary>The payment provider is being asked.</summary>
    Requested,

    /// <summary>It has authorized what is not captured yet, or all of it is captured.</summary>
    Authorized,

    /// <summary>It was declined; the reason tells why.</summary>
    Declined,

    /// <summary>Its authorization is gone before all of it was captured; the reason tells why.</summary>
    Gone,

    /// <summary>A later payment has taken its place; what it had captured counts.</summary>
    Replaced,
}

/// <summary>A payment of an order.</summary>
/// <param name="Id">The payment.</param>
/// <param name="Status">What it is to the order.</param>
/// <param name="Reason">Why it was declined or is gone.</param>
public sealed record OrderPayment(string Id, OrderPaymentStatus Status, [Personal(Purpose.Contact)] string? Reason = null);
