namespace Commerce.Bench.Tests;

/// <summary>Event-sourced orders on Marten and Wolverine.</summary>
public sealed class MartenSystemTests : ComparedSystemTests
{
    protected override string Shipped => """
        select count(*) from mt_doc_order where data ->> 'Status' = 'shipped' and jsonb_array_length(data -> 'Lines') = 3
        """;

    protected override string Ordered => Sum("order", "(data ->> 'Total')::bigint");

    protected override string Captured => Sum("payment", "(data ->> 'Captured')::bigint");

    protected override string Entries => "select count(*) from mt_doc_ledgerentry where jsonb_array_length(data -> 'Postings') = 2";

    protected override string Balance =>
        Sum("ledgerentry", "(select sum((p ->> 'Amount')::bigint) from jsonb_array_elements(data -> 'Postings') p)");

    protected override (string Held, string OnHand) Stock(string sku) => (
        Sum("stock", "(data ->> 'Held')::bigint", sku), Sum("stock", "(data ->> 'OnHand')::bigint", sku));

    internal override async Task<(SystemUnderTest System, string Database)> Start(string server, string name, CancellationToken cancel)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Commerce.Marten.dll");
        return (await SystemUnderTest.StartMarten(program, await Database(server, name, cancel), cancel), name);
    }

    private static string Sum(string type, string what, string key = "") =>
        $"select sum({what})::bigint from mt_doc_{type} where starts_with(id, '{key}')";
}
