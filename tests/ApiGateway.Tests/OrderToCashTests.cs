using System.Net;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>From an order to money in the ledger, and back, over HTTP.</summary>
public sealed class OrderToCashTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task An_order_ships_in_parts_comes_back_in_part_and_every_penny_is_booked()
    {
        (await Api.Post("/customers", """{"id":"cus_a","name":"Ada","email":"a@example.com"}""")).Expect(HttpStatusCode.Created);
        await Api.Goods("CASH-1", 10, 333.333m);
        await Api.Goods("CASH-2", 10, 100);
        var placed = (await Api.PostAndWait("/orders", """
            {"id":"ord_cash","customerId":"cus_a","currency":"GBP","paymentMethod":"pm_sandbox_ok","orderedAt":"2011-03-04T10:00:00+02:00",
             "lines":[{"sku":"CASH-1","quantity":3},{"sku":"CASH-2","quantity":2},{"sku":"CASH-1","quantity":1}]}
            """)).Expect(HttpStatusCode.Created);
        Assert.Equal("confirmed", placed["status"].GetString());
        Assert.Equal(1000 + 200 + 333, placed["total.minor"].GetInt64()); // 999.999 and 333.333, each rounded once
        Assert.Equal("/orders/ord_cash", placed.Headers.Location!.ToString());
        Assert.Equal("wait=60", placed.Header("Preference-Applied"));
        Assert.Equal($"\"{placed["version"]}\"", placed.Headers.ETag!.Tag);

        var first = (await Api.PostAndWait("/orders/ord_cash/shipments",
            """{"id":"shp_1","lines":[{"line":1,"quantity":1}],"carrier":"Post","shippedAt":"2011-03-05T09:00:00Z"}"""))
                .Expect(HttpStatusCode.OK);
        Assert.Equal("partly_shipped", first["status"].GetString());
        Assert.Equal(333, first["shipments.0.amount"].GetInt64());
        var rest = (await Api.PostAndWait("/orders/ord_cash/shipments", """{"shippedAt":"2011-03-06T09:00:00Z"}"""))
            .Expect(HttpStatusCode.OK);
        Assert.Equal("shipped", rest["status"].GetString());
        Assert.Equal(1533 - 333, rest["shipments.1.amount"].GetInt64());
        var back = (await Api.PostAndWait("/orders/ord_cash/returns",
            """{"id":"ret_1","lines":[{"line":2,"quantity":1}],"reason":"too big","received":true,"returnedAt":"2011-03-09T00:00:00Z"}"""))
                .Expect(HttpStatusCode.OK);
        Assert.Equal("payment_method", back["returns.0.refundedTo"].GetString());

        var payment = (await Api.Get("/payments/pay_cash")).Expect(HttpStatusCode.OK);
        Assert.Equal((1533, 100), (payment["captured"].GetInt64(), payment["refunded"].GetInt64()));
        Assert.Equal(
            (6, 9), ((await Api.Get("/stock/CASH-1"))["onHand"].GetInt64(), (await Api.Get("/stock/CASH-2"))["onHand"].GetInt64()));

        var entries = await Api.Eventually("/ledger/entries?reference=ord_cash", r => r["items"].GetArrayLength() == 6);
        Assert.Equal(6, entries["items"].GetArrayLength()); // two shipments, two captures, one return and its refund
        await Api.Eventually("/ledger/accounts?party=cus_a", r => Balances(r, "receivable") is ["1633 1633 GBP"]);
        Assert.Empty(Balances(await Api.Get("/ledger/accounts?party=cus_a"), "sales"));
        Assert.NotEmpty(Balances(await Api.Get("/ledger/accounts"), "sales"));
        var customer = await Api
            .Eventually("/customers/cus_a", r => r["lifetime"].GetArrayLength() == 1 && r["lifetime.0.refunded"].GetInt64() == 100);
        Assert.Equal((1, 1533), (customer["lifetime.0.orders"].GetInt64(), customer["lifetime.0.spent"].GetInt64()));
        var sales = await Api.Eventually("/reports/sales?from=2011-03-04&to=2011-03-09", r => r["days"].GetArrayLength() == 2);
        Assert.Equal("2011-03-04", sales["days.0.day"].GetString());
        Assert.Equal(
            (1533, 6, 100), (sales["days.0.gross"].GetInt64(), sales["days.0.units"].GetInt64(), sales["days.1.refunds"].GetInt64()));
        await Api.Eventually("/orders?customer=cus_a&status=shipped", r => r["items"].GetArrayLength() == 1);
        await IsBalanced(Api);
    }

    [Fact]
    public async Task A_timeline_tells_a_person_what_happened_and_who_did_it()
    {
        await Api.Goods("TALE", 5);
        await Api.Order("ord_tale", "TALE", 1);
        await Api.PostAndWait("/orders/ord_tale/shipments", null);
        var tale = (await Api.Get("/orders/ord_tale/timeline?limit=2")).Expect(HttpStatusCode.OK);
        Assert.Equal("Placed by Guest: 1 line over 2.55 GBP.", tale["items.0.what"].GetString());
        Assert.Equal("Confirmed; 2.55 GBP is authorized with payment pay_tale.", tale["items.1.what"].GetString());
        Assert.Equal((TestCredentials.Name, "system"), (tale["items.0.caller"].GetString(), tale["items.1.caller"].GetString()));
        Assert.Equal(TestCredentials.Name, tale["items.1.cause"].GetString());
        Assert.False(tale["items.0"].TryGetProperty("cause", out _));
        Assert.Equal(2, tale["items"].GetArrayLength());
        var next = (await Api.Get($"/orders/ord_tale/timeline?cursor={tale["next"]}")).Expect(HttpStatusCode.OK);
        Assert.StartsWith("Shipment ", next["items.0.what"].GetString());
        Assert.Contains(next["items"].EnumerateArray(), e => e.GetProperty("what").GetString()!.EndsWith("is out; 2.55 GBP was charged."));
        Assert.False(next.Json.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task A_cancelled_order_gives_back_its_stock_and_its_money()
    {
        await Api.Goods("CANCEL", 5);
        await Api.Order("ord_cancel", "CANCEL", 5);
        Assert.Equal(0, (await Api.Get("/stock/CANCEL"))["available"].GetInt64());
        var cancelled = (await Api.PostAndWait("/orders/ord_cancel/cancel", """{"reason":"changed my mind"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(("cancelled", "changed my mind"), (cancelled["status"].GetString(), cancelled["reason"].GetString()));
        Assert.Equal(5, (await Api.Get("/stock/CANCEL"))["available"].GetInt64());
        Assert.Equal("voided", (await Api.Get("/payments/pay_cancel"))["status"].GetString());
        var late = (await Api.Post("/orders/ord_cancel/shipments", null)).Expect(HttpStatusCode.Conflict);
        Assert.Equal(("move_not_allowed", "cancelled"), (late.Code, late["state"].GetString()));
    }

    [Fact]
    public async Task A_service_needs_no_stock_and_a_free_order_no_payment()
    {
        (await Api.Post("/products", """{"sku":"POST","name":"Postage","kind":"service"}""")).Expect(HttpStatusCode.Created);
        var order = (await Api.PostAndWait("/orders",
            """{"id":"ord_free","guest":{"email":"g@example.com"},"currency":"GBP","lines":[{"sku":"POST","quantity":1,"unitPrice":0}]}"""))
            .Expect(HttpStatusCode.Created);
        Assert.Equal("confirmed", order["status"].GetString());
        Assert.False(order.Json.TryGetProperty("paymentId", out _));
        var refused = (await Api.Post("/stock/POST/receipts", """{"quantity":1}""")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("no_stock_kept", refused.Code);
    }

    [Fact]
    public async Task An_order_of_2000_lines_fits()
    {
        await Api.Goods("MANY", 2_000, 1);
        var lines = string.Join(",", Enumerable.Repeat("""{"sku":"MANY","quantity":1}""", 2_000));
        var body = $$"""{"id":"ord_many","guest":{"name":"G"},"currency":"GBP","lines":[{{lines}}],"paymentMethod":"pm_sandbox_ok"}""";
        var order = (await Api.PostAndWait("/orders", body)).Expect(HttpStatusCode.Created);
        Assert.Equal(("confirmed", 2_000), (order["status"].GetString(), order["total.minor"].GetInt64()));
        Assert.Equal(0, (await Api.Get("/stock/MANY"))["available"].GetInt64());
    }

    [Fact]
    public async Task A_credit_note_goes_to_the_customers_credit_and_its_goods_to_the_shelf()
    {
        await Api.Goods("CREDIT", 1, 400);
        (await Api.Post("/customers", """{"id":"cus_crn","name":"C","email":"crn@example.com"}""")).Expect(HttpStatusCode.Created);
        var note = (await Api.PostAndWait("/credit-notes", """
            {"id":"crn_x","customerId":"cus_crn","currency":"GBP","reason":"by post",
             "lines":[{"sku":"CREDIT","quantity":2,"unitPrice":400,"restock":true}]}
            """)).Expect(HttpStatusCode.Created);
        Assert.Equal(("completed", 800), (note["status"].GetString(), note["total.minor"].GetInt64()));
        Assert.Equal(3, (await Api.Get("/stock/CREDIT"))["onHand"].GetInt64());
        await Api.Eventually("/credit-notes?customer=cus_crn", r => r["items"].GetArrayLength() == 1);
        var entry = await Api.Eventually("/ledger/entries?reference=crn_x&account=customer_credit", r => r["items"].GetArrayLength() == 1);
        Assert.Equal("cus_crn", entry["items.0.postings.1.party"].GetString());
        Assert.Equal(note["version"].GetInt64(), (await Api.Get("/credit-notes/crn_x"))["version"].GetInt64());
        await IsBalanced(Api);
    }

    [Fact]
    public async Task Every_account_is_shown_with_what_it_stands_for() => Assert.Equal(
        [
            "receivable asset True", "sales income False", "refunds contra_income False", "customer_credit liability True",
            "provider_clearing asset False",
        ],
        (await Api.Get("/ledger/accounts")).Expect(HttpStatusCode.OK)["accounts"].EnumerateArray()
            .Select(a => $"{a.GetProperty("name")} {a.GetProperty("type")} {a.GetProperty("hasParties")}"));

    private static string[] Balances(Reply accounts, string account) =>
    [
        .. accounts["accounts"].EnumerateArray().Single(a => a.GetProperty("name").GetString() == account)
            .GetProperty("balances").EnumerateArray()
            .Select(b => $"{b.GetProperty("debit")} {b.GetProperty("credit")} {b.GetProperty("currency")}"),
    ];

    internal static async Task IsBalanced(Api api)
    {
        var balance = (await api.Get("/ledger/trial-balance")).Expect(HttpStatusCode.OK);
        Assert.True(balance["balanced"].GetBoolean(), balance.Body);
        Assert.NotEqual(0, balance["rows"].GetArrayLength());
    }
}
