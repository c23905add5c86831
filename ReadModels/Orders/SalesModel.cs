using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ReadModels;

/// <summary>
/// What was sold, taken back and credited, per UTC day and currency. Sales count from the order's confirmation, on the day that it was
/// made, and what is cancelled later is taken off that day; refunds and credits have their own days.
/// </summary>
internal sealed class SalesModel() : ReadModel(
    OrdersCapability.Definition, "sales", 3, typeof(OrderConfirmed), typeof(OrderClosed), typeof(ReturnCompleted), typeof(RefundNoted),
    typeof(CreditNoteIssued))
{
    public static readonly SalesModel Instance = new();

    public override string Tables =>
        """
        create table days (
            day date not null,
            currency text collate "C" not null,
            orders bigint not null,
            lines bigint not null,
            units bigint not null,
            gross bigint not null,
            refunds bigint not null,
            credits bigint not null,
            primary key (day, currency))
            with (fillfactor = 70);
        """;

    public override Task Apply(ProjectionBatch batch)
    {
        var days = batch.Facts.Where(f => Counts(f.Fact)).Select(f => Counted(f.Fact))
            .GroupBy(d => (d.Day, d.Currency)).Select(g => g.Aggregate(Plus)).ToList();
        batch.Write(
            $"""
            insert into {batch.Schema}.days (day, currency, orders, lines, units, gross, refunds, credits)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (day, currency) do update set
                orders = days.orders + excluded.orders, lines = days.lines + excluded.lines, units = days.units + excluded.units,
                gross = days.gross + excluded.gross, refunds = days.refunds + excluded.refunds, credits = days.credits + excluded.credits
            """,
            days.Select(d => d.Day).ToArray(),
            days.Select(d => d.Currency).ToArray(),
            days.Select(d => d.Orders).ToArray(),
            days.Select(d => d.Lines).ToArray(),
            days.Select(d => d.Units).ToArray(),
            days.Select(d => d.Gross).ToArray(),
            days.Select(d => d.Refunds).ToArray(),
            days.Select(d => d.Credits).ToArray());
        return Task.CompletedTask;
    }

    // An order that never counted makes no day of trade by being closed; nor does money that went back and was not of a sale.
    private static bool Counts(object fact) => fact switch
    {
        OrderClosed f => f.WasConfirmed,
        ReturnCompleted f => f.Refunded.Minor > 0,
        RefundNoted f => f.Kind == RefundKind.Allowance,
        _ => true,
    };

    private static SalesDay Counted(object fact) => fact switch
    {
        OrderConfirmed f => On(f.OrderedAt, f.Total.Currency) with { Orders = 1, Lines = f.Lines, Units = f.Units, Gross = f.Total.Minor },
        OrderClosed f => On(f.OrderedAt, f.Total.Currency) with
        {
            Orders = f.Status == OrderStatus.Cancelled ? -1 : 0, Lines = -f.CancelledLines, Units = -f.CancelledUnits,
            Gross = -f.CancelledAmount,
        },
        ReturnCompleted f => On(f.ReturnedAt, f.Refunded.Currency) with { Refunds = f.Refunded.Minor },
        RefundNoted f => On(f.OccurredAt, f.Amount.Currency) with { Refunds = f.Amount.Minor },
        CreditNoteIssued f => On(f.IssuedAt, f.Total.Currency) with { Credits = f.Total.Minor },
        _ => throw new InvalidOperationException($"The sales report does not know the fact {fact.GetType().Name}."),
    };

    private static SalesDay On(DateTimeOffset at, string currency) => new(SqlValues.Day(at), currency, 0, 0, 0, 0, 0, 0);

    private static SalesDay Plus(SalesDay a, SalesDay b) => new(
        a.Day, a.Currency, a.Orders + b.Orders, a.Lines + b.Lines, a.Units + b.Units, a.Gross + b.Gross, a.Refunds + b.Refunds,
        a.Credits + b.Credits);
}
