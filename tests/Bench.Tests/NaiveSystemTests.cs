namespace Commerce.Bench.Tests;

/// <summary>One grain an entity, its state written on each call; two silos, so that grains call from one to the other.</summary>
public sealed class NaiveSystemTests : ComparedSystemTests
{
    protected override string Shipped => $"""
        select count(*) from ({States("order")}) o where s ->> 'Status' = 'shipped' and json_array_length(s -> 'Lines') = 3
        """;

    protected override string Ordered => Sum("order", "(s ->> 'Total')::bigint");

    protected override string Captured => Sum("payment", "(s ->> 'Captured')::bigint");

    protected override string Entries => $"select count(*) from ({States("entry")}) e where json_array_length(s -> 'Postings') = 2";

    protected override string Balance => Sum("entry", "(select sum((p ->> 'Amount')::bigint) from json_array_elements(s -> 'Postings') p)");

    protected override (string Held, string OnHand) Stock(string sku) => (
        Sum("stock", "coalesce((select sum(h.value::bigint) from json_each_text(s -> 'Held') h), 0)", sku),
        Sum("stock", "(s ->> 'OnHand')::bigint", sku));

    internal override async Task<(SystemUnderTest System, string Database)> Start(string server, string name, CancellationToken cancel)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Commerce.Naive.dll");
        return (await SystemUnderTest.StartNaive(program, server, silos: 2, cancel, name), $"{name}_cluster");
    }

    private static string Sum(string type, string what, string key = "") => $"select sum({what})::bigint from ({States(type, key)}) x";

    private static string States(string type, string key = "") =>
        $"select convert_from(payload, 'UTF8')::json as s from cluster.states where type = '{type}' and starts_with(key_text, '{key}')";
}
