using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>An order in a list.</summary>
public sealed record OrderSummary(
    string Id, OrderStatus Status, string? CustomerId, Money Total, int Lines, string? Reference, DateTimeOffset OrderedAt);

/// <summary>Which orders; null does not filter. <paramref name="To"/> is exclusive; both are of <c>orderedAt</c>.</summary>
public sealed record OrderFilter(
    string? CustomerId = null, OrderStatus? Status = null, DateTimeOffset? From = null, DateTimeOffset? To = null,
    string? Reference = null, string? GuestEmail = null);

/// <summary>
/// What was sold, taken back and credited on one day, in one currency. Money in minor units. What of a confirmed order is cancelled
/// is subtracted on the day of the order; so once all orders of a day are finished, its gross is what has shipped of them.
/// </summary>
/// <param name="Day">The day of <c>orderedAt</c>, <c>returnedAt</c>, <c>issuedAt</c> or an allowance, in the report's time zone.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Orders">Orders that were confirmed, and not cancelled before anything had shipped.</param>
/// <param name="Lines">Their lines, without those of which all units were cancelled.</param>
/// <param name="Units">Their units, without cancelled ones.</param>
/// <param name="Gross">Their totals, less what was cancelled.</param>
/// <param name="Refunds">What was given back of what had shipped: for returns, and as allowances.</param>
/// <param name="Credits">Totals of credit notes.</param>
public sealed record SalesDay(
    DateOnly Day, string Currency, long Orders, long Lines, long Units, long Gross, long Refunds, long Credits);

/// <summary>Lists over all orders; may lag behind by moments.</summary>
public interface IOrderQueries : IQueries
{
    /// <summary>Orders within a caller's reach, the latest <c>orderedAt</c> first.</summary>
    Task<Page<OrderSummary>> List(OrderFilter filter, Reach reach, PageRequest page, CancellationToken cancel);

    /// <summary>Credit notes within a caller's reach, the latest <c>issuedAt</c> first.</summary>
    Task<Page<CreditNoteView>> CreditNotes(
        string? customerId, DateTimeOffset? from, DateTimeOffset? to, Reach reach, PageRequest page, CancellationToken cancel);

    /// <summary>Days with trade from <paramref name="from"/> to <paramref name="to"/>, both included, in order; null: unbounded.</summary>
    Task<IReadOnlyList<SalesDay>> SalesByDay(ICalendar calendar, DateOnly? from, DateOnly? to, CancellationToken cancel);
}
