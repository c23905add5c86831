using Npgsql;
using NpgsqlTypes;

namespace Commerce.Plain;

/// <summary>A line that is ordered.</summary>
internal sealed record PlainLine(string Sku, long Quantity);

/// <summary>What is ordered.</summary>
internal sealed record PlainNewOrder(string? Id, string Currency, string PaymentMethod, IReadOnlyList<PlainLine> Lines);

/// <summary>An order as it is shown.</summary>
internal sealed record PlainOrderView(string Id, string Status, long Total, string Currency, string? Reason);

/// <summary>
/// The way of an order, one transaction a step, one round trip a transaction. Each step changes the status that it finds and nothing
/// else, so that a repetition does nothing.
/// </summary>
internal sealed class PlainSteps(NpgsqlDataSource source)
{
    private const string PlaceSql = """
        with wanted as (
            select w.n::int as line, w.sku, w.quantity, p.unit_price, p.unit_price * w.quantity as total
            from unnest($4::text[], $5::bigint[]) with ordinality w(sku, quantity, n)
            join products p on p.sku = w.sku and p.currency = $6),
        placed as (
            insert into orders (id, currency, total, payment_method, status)
            select $3, $6, (select sum(total) from wanted), $7, 'placed'
            where (select count(*) from wanted) = cardinality($4::text[])
            returning id),
        operation as (
            insert into operations (key, fingerprint, order_id) select $1, $2, id from placed)
        insert into order_lines (order_id, line, sku, quantity, unit_price, total)
        select placed.id, w.line, w.sku, w.quantity, w.unit_price, w.total from wanted w cross join placed
        """;

    private const string HoldSql = """
        with order_of as (
            update orders set status = 'held' where id = $1 and status = 'placed' returning id),
        locked as (
            select s.sku, l.quantity from order_of o join order_lines l on l.order_id = o.id join stock s on s.sku = l.sku
            order by s.sku for update of s)
        update stock set held = held + l.quantity from (select sku, sum(quantity) as quantity from locked group by sku) l
        where stock.sku = l.sku
        """;

    private const string AuthorizeSql = """
        with order_of as (
            update orders set status = 'authorized' where id = $1 and status = 'held' returning id, total)
        insert into payments (order_id, authorized) select id, total from order_of
        """;

    private const string ConfirmSql = "update orders set status = 'confirmed' where id = $1 and status = 'authorized'";

    private const string ShipSql = """
        with order_of as (
            update orders set status = 'posted' where id = $1 and status = 'confirmed' returning id),
        locked as (
            select s.sku, l.quantity from order_of o join order_lines l on l.order_id = o.id join stock s on s.sku = l.sku
            order by s.sku for update of s)
        update stock set held = held - l.quantity, on_hand = on_hand - l.quantity
        from (select sku, sum(quantity) as quantity from locked group by sku) l
        where stock.sku = l.sku
        """;

    private const string CaptureSql = """
        with order_of as (
            update orders set status = 'shipped' where id = $1 and status = 'posted' returning id, total, currency),
        captured as (
            update payments p set captured = p.captured + o.total from order_of o where p.order_id = o.id returning p.order_id)
        insert into ledger (entry, account, currency, amount)
        select 'capture/' || o.id, account, o.currency, amount
        from order_of o join captured c on c.order_id = o.id
        cross join lateral (values ('provider_clearing', o.total), ('sales', -o.total)) as posting(account, amount)
        """;

    private const string RejectSql = "update orders set status = 'rejected', reason = 'out_of_stock' where id = $1 and status = 'placed'";

    private const string ViewSql = "select id, status, total, currency, reason from orders where id = $1";

    /// <summary>Places it; false: the operation was known before, and nothing was done.</summary>
    public async Task<bool> Place(string id, string key, byte[] fingerprint, PlainNewOrder order, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(PlaceSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = fingerprint });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. order.Lines.Select(l => l.Sku)] });
        command.Parameters.Add(new NpgsqlParameter<long[]>
        {
            TypedValue = [.. order.Lines.Select(l => l.Quantity)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = order.Currency });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = order.PaymentMethod });
        try
        {
            return await command.ExecuteNonQueryAsync(cancel) > 0;
        }
        catch (PostgresException known) when (known.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    /// <summary>Sets the units aside, or rejects the order when one of them is not there.</summary>
    public async Task<bool> Hold(string id, CancellationToken cancel)
    {
        try
        {
            await Run(HoldSql, id, cancel);
            return true;
        }
        catch (PostgresException problem) when (problem.ConstraintName == "no_oversell")
        {
            await Run(RejectSql, id, cancel);
            return false;
        }
    }

    /// <summary>Records that the provider holds the money.</summary>
    public Task Authorize(string id, CancellationToken cancel) => Run(AuthorizeSql, id, cancel);

    public Task Confirm(string id, CancellationToken cancel) => Run(ConfirmSql, id, cancel);

    /// <summary>Takes the units out of the stock.</summary>
    public Task Ship(string id, CancellationToken cancel) => Run(ShipSql, id, cancel);

    /// <summary>Records that the provider has taken the money, in the ledger too.</summary>
    public Task Capture(string id, CancellationToken cancel) => Run(CaptureSql, id, cancel);

    /// <summary>The order; null: there is none.</summary>
    public async Task<PlainOrderView?> View(string id, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(ViewSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4))
            : null;
    }

    /// <summary>The order that the operation made, and what it was asked with.</summary>
    public async Task<(string Order, byte[] Fingerprint)?> Known(string key, CancellationToken cancel)
    {
        await using var command = source.CreateCommand("select order_id, fingerprint from operations where key = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetString(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    private async Task Run(string sql, string id, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
