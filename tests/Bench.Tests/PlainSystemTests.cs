using Npgsql;

namespace Commerce.Bench.Tests;

/// <summary>The service that most would write by hand.</summary>
public sealed class PlainSystemTests : ComparedSystemTests
{
    protected override string Shipped => """
        select count(*) from orders o where status = 'shipped' and (select count(*) from order_lines where order_id = o.id) = 3
        """;

    protected override string Ordered => "select sum(total)::bigint from orders";

    protected override string Captured => "select sum(captured)::bigint from payments";

    protected override string Entries => "select count(*) / 2 from ledger";

    protected override string Balance => "select sum(amount)::bigint from ledger";

    protected override (string Held, string OnHand) Stock(string sku) => (
        $"select sum(held)::bigint from stock where starts_with(sku, '{sku}')",
        $"select sum(on_hand)::bigint from stock where starts_with(sku, '{sku}')");

    internal override async Task<(SystemUnderTest System, string Database)> Start(string server, string name, CancellationToken cancel)
    {
        await using (var admin = NpgsqlDataSource.Create(server))
        await using (var known = admin.CreateCommand($"select count(*) from pg_database where datname = '{name}'"))
        await using (var make = admin.CreateCommand($"create database {name}"))
            if (await known.ExecuteScalarAsync(cancel) is 0L) await make.ExecuteNonQueryAsync(cancel);
        var mine = new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
        return (await SystemUnderTest.StartPlain(Path.Combine(AppContext.BaseDirectory, "Commerce.Plain.dll"), mine, cancel), name);
    }
}
