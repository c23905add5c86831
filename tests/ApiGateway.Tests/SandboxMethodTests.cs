using System.Net;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Every payment method of the sandbox, to the end.</summary>
public sealed class SandboxMethodTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Theory]
    [InlineData("pm_sandbox_ok", "confirmed", null)]
    [InlineData("pm_sandbox_slow", "confirmed", null)]
    [InlineData("pm_sandbox_flaky", "confirmed", null)]
    [InlineData("pm_sandbox_timeout_moved", "confirmed", null)]
    [InlineData("pm_sandbox_timeout_not_moved", "confirmed", null)]
    [InlineData("pm_sandbox_declined", "rejected", "declined")]
    [InlineData("pm_sandbox_insufficient_funds", "rejected", "not enough money")]
    public async Task An_order_settles_as_its_payment_method_lets_it(string method, string status, string? because)
    {
        var name = method["pm_sandbox_".Length..];
        await Api.Goods($"PM-{name}", 2);
        var order = (await Api.Order($"ord_{name}", $"PM-{name}", 2, method)).Expect(HttpStatusCode.Created);
        Assert.Equal(status, order["status"].GetString());
        if (because is not null) Assert.Contains(because, order["reason"].GetString());
        Assert.Equal(status == "confirmed" ? 0 : 2, (await Api.Get($"/stock/PM-{name}"))["available"].GetInt64());
        if (status != "confirmed") return;

        var shipped = (await Api.PostAndWait($"/orders/ord_{name}/shipments", null)).Expect(HttpStatusCode.OK);
        Assert.Equal("shipped", shipped["status"].GetString());
        Assert.Equal(510, (await Api.Get($"/payments/pay_{name}"))["captured"].GetInt64());
    }

    [Fact]
    public async Task A_refused_capture_takes_the_shipment_back_and_the_order_stays_open()
    {
        await Api.Goods("PM-CAP", 2);
        await Api.Order("ord_cap", "PM-CAP", 2, "pm_sandbox_capture_declined");
        var order = (await Api.PostAndWait("/orders/ord_cap/shipments", null)).Expect(HttpStatusCode.OK);
        Assert.Equal("failed", order["shipments.0.status"].GetString());
        Assert.Contains("refused", order["shipments.0.reason"].GetString());
        Assert.Equal("confirmed", order["status"].GetString());
        Assert.Equal((2, 2), ((await Api.Get("/stock/PM-CAP"))["onHand"].GetInt64(), (await Api.Get("/stock/PM-CAP"))["held"].GetInt64()));
        Assert.Equal(0, (await Api.Get("/payments/pay_cap"))["captured"].GetInt64());
    }

    [Fact]
    public async Task A_refused_refund_becomes_the_customers_credit()
    {
        await Api.Goods("PM-REF", 2);
        await Api.Order("ord_ref", "PM-REF", 2, "pm_sandbox_refund_declined");
        await Api.PostAndWait("/orders/ord_ref/shipments", null);
        var order = (await Api.PostAndWait("/orders/ord_ref/returns", """{"reason":"too small","received":true}"""))
            .Expect(HttpStatusCode.OK);
        Assert.Equal(("completed", "customer_credit"), (order["returns.0.status"].GetString(), order["returns.0.refundedTo"].GetString()));
        await Api.Eventually("/ledger/entries?reference=ord_ref&account=customer_credit", r => r["items"].GetArrayLength() == 1);
        await OrderToCashTests.IsBalanced(Api);
    }

    [Fact]
    public async Task Money_can_be_captured_refunded_and_voided_by_hand_within_what_is_there()
    {
        await Api.Goods("PM-HAND", 5, 1000);
        await Api.Order("ord_hand", "PM-HAND", 1);
        var captured = (await Api.PostAndWait("/payments/pay_hand/captures", """{"amount":300}""")).Expect(HttpStatusCode.OK);
        Assert.Equal((300, 700), (captured["captured"].GetInt64(), captured["authorized"].GetInt64()));
        var tooMuch = (await Api.Post("/payments/pay_hand/captures", """{"amount":701}""")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("capture_exceeds_authorization", tooMuch.Code);
        var refunded = (await Api.PostAndWait("/payments/pay_hand/refunds", """{"amount":50,"reason":"goodwill"}"""))
            .Expect(HttpStatusCode.OK);
        Assert.Equal(50, refunded["refunded"].GetInt64());
        var voided = (await Api.PostAndWait("/payments/pay_hand/void", """{"reason":"rest paid in cash"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal(("captured", 0), (voided["status"].GetString(), voided["authorized"].GetInt64()));
    }
}

/// <summary>A provider that is away; with a gateway of its own, because all requests share its circuit.</summary>
public sealed class ProviderOutageTests(Gateway gateway) : IClassFixture<Gateway>
{
    [Fact]
    public async Task While_the_provider_is_away_orders_wait_visibly_and_go_on_by_themselves()
    {
        var api = gateway.Api;
        await api.Goods("AWAY", 20);
        (await api.Put("/sandbox", """{"outage":true}""")).Expect(HttpStatusCode.OK);
        var orders = Enumerable.Range(1, 5).Select(i => $"ord_away{i}").ToList();
        foreach (var id in orders)
            (await api.Post("/orders", $$"""
                {"id":"{{id}}","guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"AWAY","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
                """)).Expect(HttpStatusCode.Accepted);
        await api.Eventually("/payment-providers", r => r["0.status"].GetString() == "open");
        foreach (var id in orders)
            await api.Eventually($"/orders/{id}", r => r["status"].GetString() == "held" && r.Json.TryGetProperty("waiting", out _));

        (await api.Put("/sandbox", """{"outage":false}""")).Expect(HttpStatusCode.OK);
        foreach (var id in orders) await api.Eventually($"/orders/{id}", r => r["status"].GetString() == "confirmed");
        await api.Eventually("/payment-providers", r => r["0.status"].GetString() == "closed");
    }
}
