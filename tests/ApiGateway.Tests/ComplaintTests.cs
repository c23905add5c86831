using System.Net;
using System.Text.Json;
using Commerce.Hosting;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>What shops have complained of elsewhere, each with the requests that showed it.</summary>
public sealed class ComplaintTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task What_was_refunded_before_it_shipped_does_not_ship_until_it_is_paid_again()
    {
        await Api.Goods("HAND-1", 5, 3000);
        await Api.Order("ord_r1", "HAND-1", 2);
        await Move("/payments/pay_r1/captures", """{"id":"cap_1"}""");
        await Move("/payments/pay_r1/refunds", """{"id":"rfd_1","reason":"changed their mind"}""");
        var order = await Api.Eventually("/orders/ord_r1", r => r["refunds"].GetArrayLength() == 1 && r["captures"].GetArrayLength() == 1);
        Assert.Equal(("prepayment", 6000, 6000), (
            order["refunds.0.kind"].GetString(), order["refunds.0.amount"].GetInt64(), order["amountDue"].GetInt64()));

        var refused = (await Api.Post("/orders/ord_r1/shipments", null)).Expect(HttpStatusCode.Conflict);
        Assert.Equal("payment_required", refused.Code);
        Assert.Contains("60.00 GBP", refused["detail"].GetString());

        var paid = (await Api.PostAndWait("/orders/ord_r1/payments", """{"id":"pay_r1b","paymentMethod":"pm_sandbox_ok"}"""))
            .Expect(HttpStatusCode.OK);
        Assert.Equal((0, "pay_r1b"), (paid["amountDue"].GetInt64(), paid["paymentId"].GetString()));
        var shipped = (await Api.PostAndWait("/orders/ord_r1/shipments", null)).Expect(HttpStatusCode.OK);
        Assert.Equal(("completed", 6000), (shipped["shipments.0.status"].GetString(), shipped["shipments.0.captured"].GetInt64()));
        var tale = await Tale("ord_r1");
        Assert.Contains("60.00 GBP was charged by hand.", tale);
        Assert.Contains("60.00 GBP that had been paid ahead was given back: changed their mind", tale);
        Assert.Contains(tale, t => t!.EndsWith("is out; 60.00 GBP was charged.", StringComparison.Ordinal));
        await Balance("ord_r1", ("provider_clearing", 6000), ("receivable", 0), ("sales", -6000));
    }

    [Fact]
    public async Task A_prepayment_refunded_in_part_leaves_nothing_open_after_a_cancellation()
    {
        await Api.Goods("HAND-2", 5, 3000);
        await Api.Order("ord_r2", "HAND-2", 2);
        await Move("/payments/pay_r2/captures", """{"id":"cap_1"}""");
        await Move("/payments/pay_r2/refunds", """{"id":"rfd_1","amount":1000,"reason":"price match"}""");
        (await Api.PostAndWait("/orders/ord_r2/cancel", """{"reason":"cancelled by phone"}""")).Expect(HttpStatusCode.OK);
        await Balance("ord_r2", ("provider_clearing", 0), ("receivable", 0));
    }

    [Fact]
    public async Task An_allowance_shows_everywhere_on_its_day_and_a_return_gives_back_the_rest()
    {
        (await Api.Post("/customers", """{"id":"cus_r3","name":"Tove Malm","email":"tove@example.com"}""")).Expect(HttpStatusCode.Created);
        await Api.Goods("HAND-3", 5, 3000);
        (await Api.PostAndWait("/orders", """
            {"id":"ord_r3","customerId":"cus_r3","currency":"GBP","lines":[{"sku":"HAND-3","quantity":2}],"paymentMethod":"pm_sandbox_ok",
             "orderedAt":"2026-01-12T10:00:00Z"}
            """)).Expect(HttpStatusCode.Created);
        await Move("/orders/ord_r3/shipments", """{"id":"shp_1","shippedAt":"2026-01-12T13:00:00Z"}""");
        await Move("/payments/pay_r3/refunds", """{"id":"rfd_1","amount":1500,"reason":"late","occurredAt":"2026-01-13T12:00:00Z"}""");
        await Refunds("2026-01-13", 1500);

        await Api.Eventually("/orders/ord_r3", r => r["refunds"].GetArrayLength() == 1);
        var back = await Move(
            "/orders/ord_r3/returns", """{"id":"ret_1","reason":"too small","received":true,"returnedAt":"2026-01-14T12:00:00Z"}""");
        Assert.Equal((6000, 4500, "payment_method"), (
            back["returns.0.amount"].GetInt64(), back["returns.0.refunded"].GetInt64(), back["returns.0.refundedTo"].GetString()));
        Assert.Equal(("allowance", "late"), (back["refunds.0.kind"].GetString(), back["refunds.0.reason"].GetString()));
        await Refunds("2026-01-14", 4500);
        Assert.Contains(await Tale("ord_r3"), t => t!.EndsWith("45.00 GBP went back to the payment method.", StringComparison.Ordinal));
        await Balance("ord_r3", ("provider_clearing", 0), ("receivable", 0), ("sales", -6000), ("refunds", 6000));
        await Api.Eventually("/customers/cus_r3", r =>
            (r["lifetime.0.spent"].GetInt64(), r["lifetime.0.refunded"].GetInt64()) == (6000, 6000));
    }

    [Fact]
    public async Task What_is_not_on_the_shelf_does_not_ship_and_the_rest_follows_after_a_receipt()
    {
        await Api.Goods("HAND-4", 2, 1000);
        (await Api.Put("/stock/HAND-4/backorder", """{"allowed":true}""")).Expect(HttpStatusCode.OK);
        await Api.Order("ord_r4", "HAND-4", 5);
        var failed = await Move("/orders/ord_r4/shipments", """{"id":"shp_1"}""");
        Assert.Equal(("confirmed", "failed"), (failed["status"].GetString(), failed["shipments.0.status"].GetString()));
        Assert.Equal("Line 1 (HAND-4): There is not enough of it on the shelf.", failed["shipments.0.reason"].GetString());
        Assert.Equal(0, (await Api.Get("/payments/pay_r4"))["captured"].GetInt64());

        var part = await Move("/orders/ord_r4/shipments", """{"id":"shp_2","lines":[{"line":1,"quantity":2}]}""");
        Assert.Equal("partly_shipped", part["status"].GetString());
        Assert.Equal((0, 3), ((await Api.Get("/stock/HAND-4"))["onHand"].GetInt64(), (await Api.Get("/stock/HAND-4"))["held"].GetInt64()));
        (await Api.Post("/stock/HAND-4/receipts", """{"quantity":3}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("shipped", (await Move("/orders/ord_r4/shipments", """{"id":"shp_3"}"""))["status"].GetString());
    }

    [Fact]
    public async Task An_authorization_given_up_shows_and_another_method_takes_its_place()
    {
        await Api.Goods("HAND-5", 5, 1000);
        await Api.Order("ord_r13", "HAND-5", 2);
        await Move("/payments/pay_r13/void", """{"reason":"hold lapsed at the bank"}""");
        var order = await Api.Eventually("/orders/ord_r13", r => r["amountDue"].GetInt64() == 2000);
        Assert.Equal(("confirmed", "gone", "hold lapsed at the bank"), (
            order["status"].GetString(), order["payments.0.status"].GetString(), order["payments.0.reason"].GetString()));
        Assert.Contains("pay", order["allowedMoves"].EnumerateArray().Select(m => m.GetString()));
        var declined = await Move("/orders/ord_r13/payments", """{"id":"pay_no","paymentMethod":"pm_sandbox_declined"}""");
        Assert.Equal(("declined", 2000), (declined["payments.1.status"].GetString(), declined["amountDue"].GetInt64()));
        await Move("/orders/ord_r13/payments", """{"id":"pay_yes","paymentMethod":"pm_sandbox_ok"}""");
        Assert.Equal("shipped", (await Move("/orders/ord_r13/shipments", """{"id":"shp_1"}"""))["status"].GetString());
        Assert.Equal(2000, (await Api.Get("/payments/pay_yes"))["captured"].GetInt64());
        var again = (await Api.Post("/orders/ord_r13/payments", """{"id":"pay_more","paymentMethod":"pm_sandbox_ok"}""")).Expect(
            HttpStatusCode.Conflict);
        Assert.Equal("move_not_allowed", again.Code);
    }

    [Fact]
    public async Task Amounts_in_messages_are_in_the_units_of_their_currency()
    {
        await Api.Goods("HAND-6", 5, 37210, "KWD");
        (await Api.PostAndWait("/orders", """
            {"id":"ord_kwd","guest":{"name":"G"},"currency":"KWD","lines":[{"sku":"HAND-6","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
            """)).Expect(HttpStatusCode.Created);
        await Move("/orders/ord_kwd/shipments", """{"id":"shp_1"}""");
        var refused = (await Api.Post("/payments/pay_kwd/refunds", """{"amount":99999999}""")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("99999.999 KWD was wanted; 37.210 KWD is captured and not refunded.", refused["detail"].GetString());
    }

    [Fact]
    public async Task A_day_of_a_filter_is_the_whole_day_at_both_ends()
    {
        await Api.Goods("HAND-7", 5);
        foreach (var (id, at) in new[] { ("ord_day1", "2026-02-10T00:00:00Z"), ("ord_day2", "2026-02-10T23:59:59.999999999Z") })
            (await Api.PostAndWait("/orders", $$"""
                {"id":"{{id}}","guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"HAND-7","quantity":1.0}],
                 "paymentMethod":"pm_sandbox_ok","orderedAt":"{{at}}"}
                """)).Expect(HttpStatusCode.Created);
        await Api.Eventually("/orders?from=2026-02-10&to=2026-02-10", r => r["items"].GetArrayLength() == 2);
        Assert.Equal(1, (await Api.Get("/orders?from=2026-02-10&to=2026-02-10T12:00:00Z"))["items"].GetArrayLength());
        Assert.Equal(0, (await Api.Get("/orders?from=2026-02-11&to=2026-02-11"))["items"].GetArrayLength());
    }

    [Fact]
    public async Task A_late_order_counts_on_the_day_of_the_shop()
    {
        await using var shop = await Gateway.Start(null, "--Commerce:TimeZone=America/New_York");
        await shop.Api.Goods("HAND-8", 5, 3000);
        (await shop.Api.PostAndWait("/orders", """
            {"id":"ord_r7","guest":{"name":"Tove Malm"},"currency":"GBP","lines":[{"sku":"HAND-8","quantity":1}],
             "paymentMethod":"pm_sandbox_ok","orderedAt":"2026-03-10T23:30:00-05:00"}
            """)).Expect(HttpStatusCode.Created);
        (await shop.Api.PostAndWait(
            "/orders/ord_r7/shipments", """{"id":"shp_1","shippedAt":"2026-03-11T00:45:00-04:00"}""")).Expect(HttpStatusCode.OK);
        // New York's summer had begun on the 8th: 23:30 at -05:00 was half past midnight of the 11th there, 23:30 of the 10th in Chicago.
        await shop.Api.Eventually("/reports/sales?from=2026-03-11&to=2026-03-11", r =>
            (r["timeZone"].GetString(), r["days"].GetArrayLength()) == ("America/New_York", 1));
        foreach (var (zone, count) in new[] { ("", 0), ("&timezone=America/Chicago", 1) })
            Assert.Equal(count, (await shop.Api.Get($"/reports/sales?from=2026-03-10&to=2026-03-10{zone}"))["days"].GetArrayLength());
        Assert.Equal(1, (await shop.Api.Get("/orders?from=2026-03-11&to=2026-03-11"))["items"].GetArrayLength());
        Assert.Equal(0, (await shop.Api.Get("/orders?to=2026-03-10"))["items"].GetArrayLength());
        await shop.Api.Eventually("/ledger/entries?reference=ord_r7", r => r["items"].GetArrayLength() == 2);
        foreach (var (zone, rows) in new[] { ("America/New_York", 3), ("America/Chicago", 0) })
        {
            var trial = await shop.Api.Get($"/ledger/trial-balance?from=2026-03-11&to=2026-03-11&timezone={zone}");
            Assert.Equal((zone, rows), (trial["timeZone"].GetString(), trial["rows"].GetArrayLength()));
        }

        var refused = (await shop.Api.Get("/reports/sales?timezone=BST")).Expect(HttpStatusCode.BadRequest);
        (await shop.Api.Get("/ledger/entries?timezone=BST")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal("The query parameter 'timezone' is 'BST'.", refused["detail"].GetString());
        var problem = await Assert.ThrowsAsync<InvalidConfigurationException>(() => Gateway.Start(null, "--Commerce:TimeZone=new york"));
        Assert.Contains("did you mean America/New_York?", problem.Message);
    }

    [Fact]
    public async Task A_closed_period_stays_as_it_is()
    {
        await using var shop = await Gateway.Start();
        var api = shop.Api;
        await api.Goods("HAND-9", 5, 3000);
        const string order = """
            {"id":"ord_r8","guest":{"name":"Tove Malm"},"currency":"GBP","lines":[{"sku":"HAND-9","quantity":2}],
             "paymentMethod":"pm_sandbox_ok","orderedAt":"2025-12-20T10:00:00Z"}
            """;
        (await api.PostAndWait("/orders", order)).Expect(HttpStatusCode.Created);
        Assert.False((await api.Get("/ledger/closing")).Json.TryGetProperty("closedThrough", out _));
        var closed = (await api.Put("/ledger/closing", """{"through":"2025-12-31"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(("2025-12-31", "2026-01-01T00:00:00Z"), (closed["closedThrough"].GetString(), closed["openFrom"].GetString()));

        foreach (var (path, body) in new[]
        {
            ("/orders", order.Replace("_r8", "_r8b")),
            ("/orders/ord_r8/shipments", """{"id":"shp_1","shippedAt":"2025-12-28T10:00:00Z"}"""),
            ("/payments/pay_r8/captures", """{"id":"cap_1","occurredAt":"2025-12-28T10:00:00Z"}"""),
            ("/credit-notes", """
                {"currency":"GBP","lines":[{"sku":"HAND-9","quantity":1,"unitPrice":100}],"reason":"x","issuedAt":"2025-12-31T23:59:59Z"}
                """),
        })
        {
            var refused = (await api.Post(path, body)).Expect(HttpStatusCode.UnprocessableEntity);
            Assert.Equal("period_closed", refused.Code);
            Assert.Contains("the books are closed through 2025-12-31.", refused["detail"].GetString());
        }

        (await api.PostAndWait("/orders/ord_r8/shipments", """{"id":"shp_1","shippedAt":"2026-01-01T00:00:00Z"}"""))
            .Expect(HttpStatusCode.OK);
        await api.Eventually("/ledger/trial-balance?from=2026-01-01&to=2026-01-01", r => r["rows"].GetArrayLength() == 3);
        Assert.Equal(0, (await api.Get("/ledger/trial-balance?to=2025-12-31"))["rows"].GetArrayLength());

        foreach (var (day, status, code) in new[]
        {
            ("2025-11-30", HttpStatusCode.Conflict, "already_closed"),
            ("2199-12-31", HttpStatusCode.UnprocessableEntity, "invalid_through"),
            ("31.12.2025", HttpStatusCode.BadRequest, "invalid_value"),
        })
            Assert.Equal(code, (await api.Put("/ledger/closing", $$"""{"through":"{{day}}"}""")).Expect(status).Code);
        (await api.Put("/ledger/closing", """{"through":"2025-12-31"}""")).Expect(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("cus_jose", "José Álvarez", "Jose")]
    [InlineData("cus_jose2", "José Álvarez", "alvarez")]
    [InlineData("cus_renee", "Rene\u0301e Dubois", "Ren%C3%A9e")]
    [InlineData("cus_lee", "李小龙", "%E5%B0%8F%E9%BE%99")]
    public async Task A_name_is_found_however_it_is_typed(string id, string name, string typed)
    {
        var customer = $$"""{"id":"{{id}}","name":"{{name}}","email":"{{id}}@example.com"}""";
        (await Api.Post("/customers", customer)).Expect(HttpStatusCode.Created);
        await Api.Eventually($"/customers?name={typed}", r => r["items"].EnumerateArray().Any(i => i.GetProperty("id").GetString() == id));
    }

    [Fact]
    public async Task A_guests_orders_are_found_by_e_mail_address()
    {
        await Api.Goods("HAND-8", 5);
        (await Api.PostAndWait("/orders", """
            {"id":"ord_petra","guest":{"name":"Petra","email":"Petra@Bücher.example"},"currency":"GBP",
             "lines":[{"sku":"HAND-8","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
            """)).Expect(HttpStatusCode.Created);
        await Api.Eventually("/orders?email=petra%40b%C3%BCcher.EXAMPLE", r => r["items"].GetArrayLength() == 1);
        Assert.Equal(1, (await Api.Get("/orders?email=petra%40xn--bcher-kva.example"))["items"].GetArrayLength());
        Assert.Equal(0, (await Api.Get("/orders?email=petra%40example.com"))["items"].GetArrayLength());
    }

    [Fact]
    public async Task A_member_given_as_null_is_removed_or_refused()
    {
        (await Api.Post("/customers", """{"id":"cus_null","name":"A","email":"null@example.com","phone":"+44 20 7946 0000"}"""))
            .Expect(HttpStatusCode.Created);
        var removed = (await Api.Patch("/customers/cus_null", """{"phone":null}""")).Expect(HttpStatusCode.OK);
        Assert.False(removed.Json.TryGetProperty("phone", out _));
        var kept = (await Api.Patch("/customers/cus_null", """{"name":null}""")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("invalid_name", kept.Code);
    }

    [Fact]
    public async Task Countries_are_those_that_exist_and_names_show_what_they_are()
    {
        (await Api.Post("/customers", """{"id":"cus_land","name":"Renée 李小龙","email":"land@example.com"}"""))
            .Expect(HttpStatusCode.Created);
        foreach (var known in new[] { "GB", "XK", "ZZ", "HK" }) (await Lives(known)).Expect(HttpStatusCode.OK);
        foreach (var unknown in new[] { "UK", "EU", "XX", "DD", "SU" }) Assert.Equal("invalid_country", (await Lives(unknown)).Code);
        foreach (var hidden in new[] { "\\u200b", "a\\u202eb", "a\\u2066b", "\\u200d" })
            Assert.Equal(
                "invalid_name", (await Api.Post("/customers", $$"""{"name":"{{hidden}}","email":"h@example.com"}""")).Code);

        Task<Reply> Lives(string country) => Api.Put(
            "/customers/cus_land/addresses/home", $$"""{"line1":"1 Lane","city":"Town","country":"{{country}}"}""");
    }

    [Fact]
    public async Task A_refusal_from_the_past_says_so()
    {
        await Api.Goods("HAND-9", 5);
        await Api.Order("ord_rma", "HAND-9", 1);
        var first = (await Api.Post("/orders/ord_rma/returns", """{"reason":"x"}""", "rma-1")).Expect(HttpStatusCode.Conflict);
        Assert.Null(first.Header("Idempotent-Replayed"));
        await Move("/orders/ord_rma/shipments", """{"id":"shp_1"}""");
        var again = (await Api.Post("/orders/ord_rma/returns", """{"reason":"x"}""", "rma-1")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.EndsWith("send a new key to ask again.", again["remedy"].GetString());
        (await Api.PostAndWait("/orders/ord_rma/returns", """{"reason":"x"}""", "rma-2")).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task When_the_wait_runs_out_the_answer_tells_how_it_is_then()
    {
        await using var own = await Gateway.Start();
        await own.Api.Goods("HAND-10", 5);
        (await own.Api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.OK);
        const string order =
            """{"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"HAND-10","quantity":1}],"paymentMethod":"pm_sandbox_ok"}""";
        var waited = (await own.Api.Post("/orders", order, null, ("Prefer", "wait=12"))).Expect(HttpStatusCode.Accepted);
        Assert.Equal("held", waited["status"].GetString());
        Assert.NotNull(waited["waiting"].GetString());
    }

    private async Task<Reply> Move(string path, string body) => (await Api.PostAndWait(path, body)).Expect(HttpStatusCode.OK);

    private async Task<List<string?>> Tale(string order) =>
        [.. (await Api.Get($"/orders/{order}/timeline"))["items"].EnumerateArray().Select(e => e.GetProperty("what").GetString())];

    private async Task Refunds(string day, long amount)
    {
        await Api.Eventually($"/reports/sales?from={day}&to={day}", r =>
            r["days"].EnumerateArray().Sum(d => d.GetProperty("refunds").GetInt64()) == amount);
        await Api.Eventually($"/ledger/trial-balance?from={day}&to={day}", r => r["rows"].EnumerateArray()
            .Where(row => row.GetProperty("account").GetString() == "refunds").Sum(row => row.GetProperty("balance").GetInt64()) == amount);
    }

    // Debit less credit of each account, over all entries of the order.
    private Task Balance(string order, params (string Account, long Amount)[] expected) => Api.Eventually(
        $"/ledger/entries?reference={order}", r => r["items"].EnumerateArray().SelectMany(e => e.GetProperty("postings").EnumerateArray())
            .GroupBy(p => p.GetProperty("account").GetString()!)
            .ToDictionary(g => g.Key, g => g.Sum(p => p.GetProperty("debit").GetInt64() - p.GetProperty("credit").GetInt64())) is var booked
            && expected.All(e => booked.GetValueOrDefault(e.Account, -1) == e.Amount) && booked.Count == expected.Length);
}
