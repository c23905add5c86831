using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>What the list shows of an order.</summary>
internal sealed record OrderRow(
    OrderStatus Status, string? CustomerId, Money Total, int Lines, string? Reference, DateTimeOffset OrderedAt)
{
    public static readonly OrderRow Initial = new(default, null, default, 0, null, default);
}

/// <summary>Every order as it stands, to list.</summary>
internal sealed class OrderModel() : PerEntityReadModel<OrderRow, OrderFact>(
    OrdersCapability.Definition, "orders", 2,
    typeof(OrderPlaced), typeof(OrderHeld), typeof(OrderConfirmed), typeof(OrderFailed), typeof(CancellationRequested), typeof(OrderClosed),
    typeof(ShipmentCompleted), typeof(ShipmentFailed))
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
            ordered_at timestamptz not null);
        create index on orders (ordered_at, id);
        create index on orders (status, ordered_at, id);
        create index on orders (customer_id, ordered_at, id) where customer_id is not null;
        create index on orders (reference, ordered_at, id) where reference is not null;
        """;

    protected override OrderRow Initial => OrderRow.Initial;

    protected override string Select =>
        "select id, status, customer_id, total, currency, lines, reference, ordered_at from orders where id = any($1)";

    protected override Row<OrderRow> Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        0,
        new OrderRow(
            row.Word<OrderStatus>(1), row.Text(2), new Money(row.GetInt64(3), row.GetString(4)), row.GetInt32(5), row.Text(6),
            row.Time(7)));

    // Each fact says where the order stands after it.
    protected override OrderRow Evolve(OrderRow row, OrderFact fact) => fact is OrderPlaced f
        ? new OrderRow(f.Status, f.CustomerId, f.Total, f.Lines.Count, f.Reference, f.OrderedAt)
        : row with { Status = fact.Status };

    protected override void Write(ProjectionBatch batch, Row<OrderRow>[] rows) => batch.Write(
        """
        insert into orders (id, status, customer_id, total, currency, lines, reference, ordered_at)
        select id, status, customer_id, total, currency, lines, reference, ordered_at
        from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            as new(id, status, customer_id, total, currency, lines, reference, ordered_at)
        on conflict (id) do update set status = excluded.status
        """,
        rows.Select(r => r.Key).ToArray(),
        rows.Select(r => EnumWords.Of(r.State.Status)).ToArray(),
        rows.Select(r => r.State.CustomerId).ToArray(),
        rows.Select(r => r.State.Total.Minor).ToArray(),
        rows.Select(r => r.State.Total.Currency).ToArray(),
        rows.Select(r => r.State.Lines).ToArray(),
        rows.Select(r => r.State.Reference).ToArray(),
        rows.Select(r => r.State.OrderedAt).ToArray());
}
