using System.Net;
using Commerce.Orders;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>A gateway with a customer, products and an order that bad requests can be about.</summary>
public sealed class BadInputGateway : IAsyncLifetime
{
    /// <summary>The key of the request that placed <c>ord_bad</c>.</summary>
    public const string UsedKey = "web-1001";

    public Gateway Gateway { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Gateway.InitializeAsync();
        var api = Gateway.Api;
        (await api.Post("/customers", """{"id":"cus_bad","name":"B","email":"bad@example.com"}""")).Expect(HttpStatusCode.Created);
        await api.Goods("GOOD", 100, 100);
        await api.Goods("GONE", 1, 100);
        (await api.Post("/products/GONE/withdraw", null)).Expect(HttpStatusCode.OK);
        (await api.Post("/products", """{"sku":"HELP","name":"Help","kind":"service"}""")).Expect(HttpStatusCode.Created);
        await api.Goods("LATE", 0);
        (await api.Put("/stock/LATE/backorder", """{"allowed":true}""")).Expect(HttpStatusCode.OK);
        (await api.Order("ord_bad", "GOOD", 2, key: UsedKey)).Expect(HttpStatusCode.Created);
        await Move("ord_sent", "shipments", """{"id":"shp_bad","lines":[{"line":1,"quantity":2}]}""");
        await Move("ord_sent", "returns", """{"id":"ret_bad","lines":[{"line":1,"quantity":1}],"reason":"r","received":true}""");
        await Move("ord_asked", "shipments", null);
        for (var n = 0; n < ReturnRules.MaxNotReceived; n++)
        {
            await Move("ord_asked", "returns", $$"""{"id":"ret_{{n}}","reason":"r"}""");
            await Move("ord_asked", $"returns/ret_{n}/rejection", """{"reason":"r"}""");
        }

        (await api.PostAndWait("/payments/pay_sent/captures", """{"id":"cap_bad","amount":1,"occurredAt":"2026-03-08T00:00:00Z"}"""))
            .Expect(HttpStatusCode.OK);
        (await api.PostAndWait(
            "/orders",
            """{"id":"ord_free","guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"GOOD","quantity":1,"unitPrice":0}]}"""))
            .Expect(HttpStatusCode.Created);
        await Move("ord_void", null, null);
        (await api.PostAndWait("/payments/pay_void/void", """{"reason":"r"}""")).Expect(HttpStatusCode.OK);
        (await api.PostAndWait(
            "/credit-notes",
            """{"id":"crn_bad","currency":"GBP","reason":"r","lines":[{"sku":"GOOD","quantity":1,"unitPrice":1}]}"""))
            .Expect(HttpStatusCode.Created);
        (await api.Post("/customers", """{"id":"cus_gone","name":"G","email":"gone@example.com"}""")).Expect(HttpStatusCode.Created);
        (await api.Post("/customers/cus_gone/erasure", null)).Expect(HttpStatusCode.Accepted);
        await api.Eventually("/customers/cus_gone/erasure", r => r["status"].GetString() == "erased");
        foreach (var id in (string[])["key_bad", "key_over"])
            (await api.Post("/api-keys", $$"""{"id":"{{id}}","name":"K","roles":["warehouse"]}""")).Expect(HttpStatusCode.Created);
        (await api.Post("/api-keys/key_over/revoke", null)).Expect(HttpStatusCode.OK);
        (await api.Put("/ledger/closing", """{"through":"1999-12-31"}""")).Expect(HttpStatusCode.OK);
        await api.Eventually("/operations/subscriptions", r => r["lag"].EnumerateArray().All(l => l.GetProperty("facts").GetInt64() == 0));
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private async Task Move(string order, string? move, string? body)
    {
        if ((await Gateway.Api.Get($"/orders/{order}")).Status == HttpStatusCode.NotFound)
            (await Gateway.Api.Order(order, "GOOD", 3)).Expect(HttpStatusCode.Created);
        if (move is not null) (await Gateway.Api.PostAndWait($"/orders/{order}/{move}", body)).Expect(HttpStatusCode.OK);
    }
}

/// <summary>Bad input gets a problem that names the field, the value and the remedy, and changes nothing.</summary>
public sealed class BadInputTests(BadInputGateway fixture) : IClassFixture<BadInputGateway>
{
    public static TheoryData<string> Names => [.. BadInput.Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Bad_input_gets_a_problem_that_says_what_and_where_and_changes_nothing(string name)
    {
        var bad = BadInput.Cases[name];
        var before = await fixture.Gateway.CountFacts();
        var reply = await fixture.Gateway.Api.Send(bad);

        Assert.True(bad.Status == (int)reply.Status, $"Expected {bad.Status} {bad.Code}, got {(int)reply.Status}: {reply.Body}");
        Assert.Equal("application/problem+json", reply.MediaType);
        Assert.Equal((bad.Code, $"/problems/{bad.Code}"), (reply.Code, reply["type"].GetString()));
        Assert.Equal(bad.Status, reply["status"].GetInt32());
        Assert.Equal(bad.Field, reply.Json.TryGetProperty("field", out var field) ? field.GetString() : null);
        if (bad.Value is not null) Assert.Contains(bad.Value, reply["detail"].GetString());
        Assert.NotEmpty(reply["remedy"].GetString()!);
        Assert.Equal(reply.Header("X-Request-Id"), reply["requestId"].GetString());
        Assert.Equal(before, await fixture.Gateway.CountFacts());
    }

    [Fact]
    public async Task All_faults_of_a_body_are_told_at_once()
    {
        var reply = (await fixture.Gateway.Api.Post("/orders", """{"lines":[{"sku":1,"qty":2}],"colour":"red"}"""))
            .Expect(HttpStatusCode.BadRequest);
        var faults = reply["errors"].EnumerateArray()
            .Select(e => $"{e.GetProperty("code").GetString()} {e.GetProperty("field").GetString()}");
        Assert.Equal(
            ["wrong_type /lines/0/sku", "unknown_member /lines/0/qty", "missing_member /lines/0/quantity", "unknown_member /colour",
                "missing_member /currency"],
            faults);
    }

    [Fact]
    public async Task Of_very_many_faults_only_the_first_are_told()
    {
        var members = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"unknown-member-{i}\":{i}"));
        foreach (var body in (string[])[$$"""{{{members}}}""", $$"""{"lines":[{{{members}}}]}"""])
        {
            var reply = (await fixture.Gateway.Api.Post("/orders", body)).Expect(HttpStatusCode.BadRequest);
            Assert.Equal(20, reply["errors"].GetArrayLength());
        }
    }

    [Fact]
    public async Task A_move_that_the_state_does_not_allow_tells_the_state_and_the_allowed_moves()
    {
        var reply = (await fixture.Gateway.Api.Post("/orders/ord_bad/returns", """{"reason":"r"}""")).Expect(HttpStatusCode.Conflict);
        Assert.Equal("confirmed", reply["state"].GetString());
        Assert.Equal((await fixture.Gateway.Api.Get("/orders/ord_bad"))["allowedMoves"].EnumerateArray().Select(m => m.GetString()),
            reply["allowed"].EnumerateArray().Select(m => m.GetString()));
    }
}
