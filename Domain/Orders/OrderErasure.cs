using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>How far the erasure of an order has come.</summary>
/// <param name="OrderId">Which.</param>
/// <param name="Status">Erased once its payments are, too.</param>
/// <param name="WaitsFor">What it waits for, in words; null when it does not.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ErasedAt">When the order's keys were destroyed.</param>
/// <param name="CompletesAt">When the database's logs and backups of before tell nothing any more, at the latest.</param>
/// <param name="Billed">Who was billed, as the invoice has to show.</param>
/// <param name="KeptUntil">Until when that is kept.</param>
/// <param name="Version">The order's version.</param>
public sealed record OrderErasure(
    string OrderId, ErasureStatus Status, [Personal(Purpose.Contact)] string? WaitsFor, DateTimeOffset RequestedAt,
    DateTimeOffset? ErasedAt,
    DateTimeOffset? CompletesAt, [Personal(Purpose.Statutory)] Address? Billed, DateTimeOffset? KeptUntil, long Version);
