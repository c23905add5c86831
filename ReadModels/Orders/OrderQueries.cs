using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all orders and credit notes, and the sales report, from the read models in the capability's database.</summary>
public sealed class OrderQueries(NpgsqlDataSource orders, PersonalData personal) : IOrderQueries
{
    private static readonly KeysetList<OrderSummary> Orders = new(
        "orders", $"select status, customer_id, total, currency, lines, reference, ordered_at, id from {OrderModel.Instance.Schema}.orders",
        ["ordered_at", "id"], [typeof(DateTimeOffset), typeof(string)], descending: true, new("customer_id", "id", "channel"),
        row => new OrderSummary(
            row.GetString(7), row.Word<OrderStatus>(0), row.Text(1), new Money(row.GetInt64(2), row.GetString(3)), row.GetInt32(4),
            row.Text(5), row.Time(6)));

    private readonly KeysetList<CreditNoteView> _allCreditNotes = new(
        "credit-notes",
        $"""
        select status, customer_id, total, currency, lines, reason, reference, version, channel, keys, issued_at, id
        from {CreditNoteModel.Instance.Schema}.credit_notes
        """,
        ["issued_at", "id"], [typeof(DateTimeOffset), typeof(string)], descending: true, new("customer_id", Channel: "channel"),
        row => new CreditNoteView(
            row.GetString(11), row.Word<CreditNoteStatus>(0), row.Text(1), new Money(row.GetInt64(2), row.GetString(3)),
            row.Json<IReadOnlyList<CreditedLine>>(4),
            CreditNoteModel.Reason(row.GetString(11), row.GetString(5), row.Text(9), personal), row.Text(6),
            row.Time(10), row.GetInt64(7), row.Text(8)));

    private readonly ReadModelReader _orders = new(OrderModel.Instance, orders);
    private readonly ReadModelReader _creditNotes = new(CreditNoteModel.Instance, orders);
    private readonly ReadModelReader _sales = new(SalesModel.Instance, orders);

    public Task<Page<OrderSummary>> List(OrderFilter filter, Reach reach, PageRequest page, CancellationToken cancel) => Orders.Page(
        _orders,
        reach,
        page,
        [
            Condition.If("customer_id = {0}", filter.CustomerId),
            Condition.If("status = {0}", filter.Status is { } status ? EnumWords.Of(status) : null),
            Condition.If("guest_email = {0}", filter.GuestEmail is { } email ? OrderModel.EmailToken(email, personal) : null),
            Condition.If("reference = {0}", filter.Reference),
            Condition.If("ordered_at >= {0}", filter.From),
            Condition.If("ordered_at < {0}", filter.To),
        ],
        cancel);

    public Task<Page<CreditNoteView>> CreditNotes(
        string? customerId, DateTimeOffset? from, DateTimeOffset? to, Reach reach, PageRequest page, CancellationToken cancel) =>
        _allCreditNotes.Page(
        _creditNotes,
        reach,
        page,
        [
            Condition.If("customer_id = {0}", customerId),
            Condition.If("issued_at >= {0}", from),
            Condition.If("issued_at < {0}", to),
        ],
        cancel);

    public async Task<IReadOnlyList<SalesDay>> SalesByDay(ICalendar calendar, DateOnly? from, DateOnly? to, CancellationToken cancel)
    {
        var traded = await _sales.All(
            $"select min(slot), max(slot) from {SalesModel.Instance.Schema}.slots where slot >= $1 and slot < $2 having count(*) > 0",
            [from is { } first ? calendar.Start(first) : DateTimeOffset.MinValue,
             to is { } last ? calendar.Start(last.AddDays(1)) : DateTimeOffset.MaxValue],
            row => (First: calendar.DayOf(row.Time(0)), Last: calendar.DayOf(row.Time(1))),
            cancel);
        if (traded is not [var range]) return [];
        var days = Enumerable.Range(0, range.Last.DayNumber - range.First.DayNumber + 1).Select(range.First.AddDays).ToArray();
        return await _sales.All(
            $"""
            select ($1)[width_bucket(slot, $2)] as day, currency, sum(orders)::bigint, sum(lines)::bigint, sum(units)::bigint,
                sum(gross)::bigint, sum(refunds)::bigint, sum(credits)::bigint
            from {SalesModel.Instance.Schema}.slots where slot >= $3 and slot < $4 group by day, currency order by day, currency
            """,
            [days, days.Select(calendar.Start).ToArray(), calendar.Start(range.First), calendar.Start(range.Last.AddDays(1))],
            row => new SalesDay(
                row.GetFieldValue<DateOnly>(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                row.GetInt64(6), row.GetInt64(7)),
            cancel);
    }
}
