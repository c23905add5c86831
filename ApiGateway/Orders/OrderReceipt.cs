using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ApiGateway;

/// <summary>The short answer to every command of an order.</summary>
/// <param name="Id">The order.</param>
/// <param name="Status">Where it stands right after the command, or when the wait for it ran out.</param>
/// <param name="Total">Sum of its lines.</param>
/// <param name="Version">For If-Match.</param>
/// <param name="Waiting">What it waits for, in words.</param>
public sealed record OrderReceipt(string Id, OrderStatus Status, Money Total, long Version, string? Waiting = null);
