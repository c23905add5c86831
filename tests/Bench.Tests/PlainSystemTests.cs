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
        var program = Path.Combine(AppContext.BaseDirectory, "Commerce.Plain.dll");
        return (await SystemUnderTest.StartPlain(program, await Database(server, name, cancel), cancel), name);
    }
}
