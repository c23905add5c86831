using System.Net;
using Commerce.Journal;
using Commerce.ReadModels;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>What is kept of a person, over HTTP and in the databases (decisions 23 and 24).</summary>
public sealed class PersonalDataTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task Nothing_personal_is_readable_where_it_is_kept_and_erased_it_cannot_be_opened()
    {
        string[] secrets =
            ["Quintilla", "Zephyr", "quintilla@example.com", "+4477555", "Larkspur Row", "Didcot", "pm_sandbox_ok", "RM777", "torn sleeve"];
        await Api.Goods("SEAL-1", 10, 1000);
        (await Api.Post("/customers", """
            {"id":"cus_s1","name":"Quintilla Zephyr","email":"quintilla@example.com","phone":"+4477555",
             "addresses":{"home":{"line1":"3 Larkspur Row","city":"Didcot","country":"GB"}}}
            """)).Expect(HttpStatusCode.Created);
        (await Api.PostAndWait("/orders", """
            {"id":"ord_s1","customerId":"cus_s1","currency":"GBP","lines":[{"sku":"SEAL-1","quantity":3}],"paymentMethod":"pm_sandbox_ok",
             "shippingAddress":{"line1":"3 Larkspur Row","city":"Didcot","country":"GB"}}
            """)).Expect(HttpStatusCode.Created);
        await Ship("""{"id":"shp_1","lines":[{"line":1,"quantity":2}],"carrier":"Royal","trackingNumber":"RM777"}""");
        (await Api.PostAndWait(
            "/orders/ord_s1/returns", """{"id":"ret_1","lines":[{"line":1,"quantity":1}],"reason":"torn sleeve","received":true}"""))
            .Expect(HttpStatusCode.OK);
        (await Api.Post("/customers", """{"name":"Another","email":"QUINTILLA@example.com"}""")).Expect(HttpStatusCode.Conflict);
        await Listed(r => r["items"].GetArrayLength() == 1, "/customers?name=zeph");
        Assert.Equal("3 Larkspur Row", (await Api.Get("/customers/cus_s1"))["addresses.home.line1"].GetString());
        await Exported(secrets);
        foreach (var row in await Everything()) Assert.DoesNotContain(secrets, s => row.Contains(s, StringComparison.OrdinalIgnoreCase));

        var asked = (await Api.Post("/customers/cus_s1/erasure", null)).Expect(HttpStatusCode.Accepted);
        Assert.Equal("requested", asked["status"].GetString());
        var waiting = await Api.Eventually("/customers/cus_s1/erasure", r => r["waitsFor"].GetArrayLength() == 1);
        Assert.Equal("ord_s1", waiting["waitsFor.0"].GetString()); // one unit has yet to ship
        Assert.Equal("erased", (await Api.Post("/orders", """
            {"customerId":"cus_s1","currency":"GBP","lines":[{"sku":"SEAL-1","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
            """)).Expect(HttpStatusCode.Gone).Code);
        await Ship("""{"id":"shp_2"}""");
        var done = await Api.Eventually("/customers/cus_s1/erasure", r => r["status"].GetString() == "erased");
        Assert.True(done["completesAt"].GetDateTimeOffset() > done["erasedAt"].GetDateTimeOffset());

        (await Api.Get("/customers/cus_s1")).Expect(HttpStatusCode.Gone);
        (await Api.Get("/customers/cus_s1/export")).Expect(HttpStatusCode.Gone);
        (await Api.Post("/payments/pay_s1/refunds", """{"amount":1}""")).Expect(HttpStatusCode.Gone);
        await Listed(r => r["items"].GetArrayLength() == 0, "/customers?name=zeph", "/customers?email=quintilla@example.com");
        var order = await Api.Get("/orders/ord_s1");
        Assert.Equal(("erased", "erased", "shipped"), (
            order["shippingAddress.line1"].GetString(), order["returns.0.reason"].GetString(), order["status"].GetString()));
        Assert.Equal("Quintilla Zephyr", (await Api.Get("/orders/ord_s1/erasure"))["billed.name"].GetString()); // on the invoice
        Assert.DoesNotContain("Larkspur", (await Api.Get("/customers/cus_s1/timeline")).Body + (await Api.Get("/payments/pay_s1")).Body);
        await KeysLeft("Customers", "customer/cus_s1", 0);
        await KeysLeft("Payments", "payment/pay_s1", 0);
        await KeysLeft("Orders", "order/ord_s1", 1); // of the invoice
        await OrderToCashTests.IsBalanced(Api);
        (await Api.Post("/customers", """{"name":"Another","email":"quintilla@example.com"}""")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_guest_has_the_one_order_erased()
    {
        await Api.Goods("SEAL-2", 10, 1000);
        await Api.Order("ord_s2", "SEAL-2", 1);
        (await Api.Post("/orders/ord_s2/erasure", null)).Expect(HttpStatusCode.Accepted);
        (await Api.PostAndWait("/orders/ord_s2/cancel", """{"reason":"not wanted"}""")).Expect(HttpStatusCode.OK);
        var done = await Api.Eventually("/orders/ord_s2/erasure", r => r["status"].GetString() == "erased");
        Assert.False(done.Json.TryGetProperty("billed", out _)); // nothing was sold, so there is no invoice
        Assert.Equal("erased", (await Api.Get("/orders/ord_s2"))["guest.name"].GetString());
        await KeysLeft("Orders", "order/ord_s2", 0);
    }

    [Fact]
    public async Task A_rebuild_after_an_erasure_gives_the_same_lists()
    {
        foreach (var (id, name) in new[] { ("cus_s3", "Goes"), ("cus_s4", "Stays") })
            (await Api.Post("/customers", $$"""{"id":"{{id}}","name":"Pomona {{name}}","email":"{{name}}@example.com"}"""))
                .Expect(HttpStatusCode.Created);
        (await Api.Post("/customers/cus_s3/erasure", null)).Expect(HttpStatusCode.Accepted);
        await Listed(r => r["items"].GetArrayLength() == 1 && r["items.0.id"].GetString() == "cus_s4", "/customers?name=pomona");
        var before = (await Api.Get("/customers?name=pomona")).Body;
        await gateway.Service<ReadModelService>().Rebuild("customers");
        Assert.Equal(before, (await Api.Get("/customers?name=pomona")).Body);
    }

    private async Task Ship(string body) => (await Api.PostAndWait("/orders/ord_s1/shipments", body)).Expect(HttpStatusCode.OK);

    private async Task Listed(Func<Reply, bool> isSo, params string[] paths)
    {
        foreach (var path in paths) await Api.Eventually(path, isSo);
    }

    private async Task Exported(string[] all)
    {
        var export = (await Api.Eventually(
            "/customers/cus_s1/export", r => r["records"].EnumerateArray().Any(x => x.GetProperty("kind").GetString() == "payment"))).Body;
        Assert.All(all, one => Assert.Contains(one, export, StringComparison.Ordinal));
    }

    private async Task KeysLeft(string capability, string entity, int rows)
    {
        await using var count = gateway.Service<CommerceDatabases>().DataSource(capability).CreateCommand(
            $"select count(*)::int from journal.appends where entity = '{entity}' and keys is not null");
        Assert.Equal((entity, rows), (entity, (int)(await count.ExecuteScalarAsync())!));
    }

    /// <summary>Every row of every table of every database as text.</summary>
    private async Task<IReadOnlyList<string>> Everything()
    {
        var rows = new List<string>();
        foreach (var capability in Capabilities.All)
            rows.AddRange(await KeptRows.Of(gateway.Service<CommerceDatabases>().DataSource(capability.Name)));
        Assert.True(rows.Count > 40, $"Only {rows.Count} rows were looked at.");
        return rows;
    }
}
