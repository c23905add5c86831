using System.Collections.Immutable;
using Commerce.Kernel;
using Commerce.Orders;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// What the list shows of an order, and the little that is needed to tell its status: units not shipped yet, and how many units are in
/// each pending shipment. Its lines are not kept: an order can have thousands.
/// </summary>
internal sealed record OrderRow(
    OrderStatus Status, string? CustomerId, Money Total, int Lines, string? Reference, DateTimeOffset OrderedAt,
    long Unshipped, ImmutableSortedDictionary<string, long> Pending)
{
    public static readonly ImmutableSortedDictionary<string, long> NonePending = ImmutableSortedDictionary<string, long>.Empty;

    public static readonly OrderRow Initial = new(default, null, default, 0, null, default, 0, NonePending);
}

/// <summary>Every order as it stands, to list.</summary>
internal sealed class OrderModel() : EntityModel<OrderRow, OrderFact>(
    OrdersCapability.Definition, "orders", 1,
    typeof(OrderPlaced), typeof(OrderHeld), typeof(OrderConfirmed), typeof(OrderFailed), typeof(CancellationRequested), typeof(OrderClosed),
    typeof(ShipmentRequested), typeof(ShipmentCompleted), typeof(ShipmentFailed))
{
    public static readonly OrderModel Instance = new();

    /// <summary>An order with all its lines is one fact, and can be large.</summary>
    public override int BatchSize => 2_000;

    public override string Tables =>
        """
        create table orders (
            id text collate "C" primary key,
            status text not null,
            customer_id text collate "C",
            total bigint not null,
            currency text not null,
            lines integer not null,
            reference text collate "C",
            ordered_at timestamptz not null,
            unshipped bigint not null,
            pending json);
        create index on orders (ordered_at, id);
        create index on orders (status, ordered_at, id);
        create index on orders (customer_id, ordered_at, id) where customer_id is not null;
        create index on orders (reference, ordered_at, id) where reference is not null;
        """;

    protected override OrderRow Initial => OrderRow.Initial;

    protected override string Select =>
        "select id, status, customer_id, total, currency, lines, reference, ordered_at, unshipped, pending from orders where id = any($1)";

    protected override Row<OrderRow> Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        0,
        new OrderRow(
            row.Word<OrderStatus>(1), row.Text(2), new Money(row.GetInt64(3), row.GetString(4)), row.GetInt32(5), row.Text(6), row.Time(7),
            row.GetInt64(8), row.IsDBNull(9) ? OrderRow.NonePending : row.Json<ImmutableSortedDictionary<string, long>>(9)));

    protected override OrderRow Evolve(OrderRow row, OrderFact fact) => fact switch
    {
        OrderPlaced f => new OrderRow(
            OrderStatus.Placed, f.CustomerId, f.Total, f.Lines.Count, f.Reference, f.OrderedAt, f.Lines.Sum(l => l.Quantity),
            OrderRow.NonePending),
        OrderHeld => row with { Status = OrderStatus.Held },
        OrderConfirmed => row with { Status = OrderStatus.Confirmed },
        OrderFailed or CancellationRequested => row with { Status = OrderStatus.Closing },
        ShipmentRequested f => row with { Pending = row.Pending.SetItem(f.Shipment.Id, f.Shipment.Lines.Sum(l => l.Quantity)) },
        ShipmentCompleted f => Shipped(row, f.ShipmentId),
        ShipmentFailed f => row with { Status = OrderStatus.Closing, Pending = row.Pending.Remove(f.ShipmentId) },
        OrderClosed f => row with { Status = f.Outcome },
        _ => throw new InvalidOperationException($"The list of orders does not know the fact {fact.GetType().Name}."),
    };

    protected override void Write(Turn turn, Row<OrderRow>[] rows) => turn.Write(
        """
        insert into orders (id, status, customer_id, total, currency, lines, reference, ordered_at, unshipped, pending)
        select id, status, customer_id, total, currency, lines, reference, ordered_at, unshipped, pending::json
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            as new(id, status, customer_id, total, currency, lines, reference, ordered_at, unshipped, pending)
        on conflict (id) do update set status = excluded.status, unshipped = excluded.unshipped, pending = excluded.pending
        """,
        rows.Select(r => r.Key).ToArray(),
        rows.Select(r => Values.Word(r.State.Status)).ToArray(),
        rows.Select(r => r.State.CustomerId).ToArray(),
        rows.Select(r => r.State.Total.Minor).ToArray(),
        rows.Select(r => r.State.Total.Currency).ToArray(),
        rows.Select(r => r.State.Lines).ToArray(),
        rows.Select(r => r.State.Reference).ToArray(),
        rows.Select(r => r.State.OrderedAt).ToArray(),
        rows.Select(r => r.State.Unshipped).ToArray(),
        rows.Select(r => r.State.Pending.IsEmpty ? null : Values.Json(r.State.Pending)).ToArray());

    private static OrderRow Shipped(OrderRow row, string shipment)
    {
        var left = row.Unshipped - row.Pending[shipment];
        var status = row.Status == OrderStatus.Closing ? OrderStatus.Closing
            : left == 0 ? OrderStatus.Shipped
            : OrderStatus.PartlyShipped;
        return row with { Status = status, Unshipped = left, Pending = row.Pending.Remove(shipment) };
    }
}
