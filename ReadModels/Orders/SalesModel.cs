using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.ReadModels;

/// <summary>
/// What was sold, taken back and credited, per currency and quarter of an hour, of which the days of every time zone are made. Sales count
/// from the order's confirmation, at the time that it was made, and what is cancelled later is taken off there; refunds and credits have
/// their own times.
/// </summary>
internal sealed class SalesModel() : ReadModel(
    OrdersCapability.Definition, "sales", 4, typeof(OrderConfirmed), typeof(OrderClosed), typeof(ReturnCompleted), typeof(RefundNoted),
    typeof(CreditNoteIssued))
{
    public static readonly SalesModel Instance = new();

    public override string Tables =>
        """
        create table slots (
            slot timestamptz not null,
            currency text collate "C" not null,
            orders bigint not null,
            lines bigint not null,
            units bigint not null,
            gross bigint not null,
            refunds bigint not null,
            credits bigint not null,
            primary key (slot, currency))
            with (fillfactor = 70);
        """;

    public override Task Apply(ProjectionBatch batch)
    {
        var slots = batch.Facts.Where(f => Counts(f.Fact)).Select(f => Counted(f.Fact))
            .GroupBy(s => (s.At, s.Currency)).Select(g => g.Aggregate(Plus)).ToList();
        batch.Write(
            $"""
            insert into {batch.Schema}.slots (slot, currency, orders, lines, units, gross, refunds, credits)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (slot, currency) do update set
                orders = slots.orders + excluded.orders, lines = slots.lines + excluded.lines, units = slots.units + excluded.units,
                gross = slots.gross + excluded.gross, refunds = slots.refunds + excluded.refunds,
                credits = slots.credits + excluded.credits
            """,
            slots.Select(s => s.At).ToArray(),
            slots.Select(s => s.Currency).ToArray(),
            slots.Select(s => s.Orders).ToArray(),
            slots.Select(s => s.Lines).ToArray(),
            slots.Select(s => s.Units).ToArray(),
            slots.Select(s => s.Gross).ToArray(),
            slots.Select(s => s.Refunds).ToArray(),
            slots.Select(s => s.Credits).ToArray());
        return Task.CompletedTask;
    }

    // An order that never counted makes no trade by being closed; nor does money that went back and was not of a sale.
    private static bool Counts(object fact) => fact switch
    {
        OrderClosed f => f.WasConfirmed,
        ReturnCompleted f => f.Refunded.Minor > 0,
        RefundNoted f => f.Kind == RefundKind.Allowance,
        _ => true,
    };

    private static Slot Counted(object fact) => fact switch
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

    private static Slot On(DateTimeOffset at, string currency) => new(SqlValues.Slot(at), currency, 0, 0, 0, 0, 0, 0);

    private static Slot Plus(Slot a, Slot b) => new(
        a.At, a.Currency, a.Orders + b.Orders, a.Lines + b.Lines, a.Units + b.Units, a.Gross + b.Gross, a.Refunds + b.Refunds,
        a.Credits + b.Credits);

    private sealed record Slot(
        DateTimeOffset At, string Currency, long Orders, long Lines, long Units, long Gross, long Refunds, long Credits);
}
