using System.Net;
using Commerce.Testing;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Restarts and outages: what was acknowledged is kept, and it recovers by itself.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task A_restarted_process_finds_everything_and_knows_its_keys()
    {
        await using var gateway = new Gateway();
        await gateway.InitializeAsync();
        await gateway.Api.Goods("KEEP", 10);
        var order = (await gateway.Api.Order("ord_keep", "KEEP", 2, key: "keep")).Expect(HttpStatusCode.Created);
        (await gateway.Api.Post("/stock/KEEP/receipts", """{"quantity":1}""", "keep-receipt")).Expect(HttpStatusCode.OK);
        await gateway.Stop();

        await gateway.StartAgain();
        Assert.Equal(order.Body, (await gateway.Api.Get("/orders/ord_keep")).Expect(HttpStatusCode.OK).Body);
        Assert.Equal(order.Body, (await gateway.Api.Order("ord_keep", "KEEP", 2, key: "keep")).Expect(HttpStatusCode.Created).Body);
        (await gateway.Api.Post("/stock/KEEP/receipts", """{"quantity":1}""", "keep-receipt")).Expect(HttpStatusCode.OK);
        Assert.Equal(11, (await gateway.Api.Get("/stock/KEEP"))["onHand"].GetInt64());
        var reused = (await gateway.Api.Post("/stock/KEEP/receipts", """{"quantity":2}""", "keep-receipt"));
        Assert.Equal("idempotency_key_reused", reused.Expect(HttpStatusCode.UnprocessableEntity).Code);
        Assert.Equal(
            "shipped", (await gateway.Api.PostAndWait("/orders/ord_keep/shipments", null)).Expect(HttpStatusCode.OK)["status"].GetString());
    }

    [Fact]
    public async Task Calls_get_503_while_PostgreSQL_is_away_and_work_again_without_a_restart()
    {
        await using var postgres = await TestPostgres.StartPrivate();
        await using var gateway = await Gateway.Start(postgres.ConnectionString);
        var api = gateway.Api;
        await api.Goods("AWAY", 50);
        (await api.Order("ord_warm", "AWAY", 1)).Expect(HttpStatusCode.Created);

        await postgres.Kill();
        var write = await api.Post("/customers", """{"id":"cus_away","name":"A","email":"away@example.com"}""", "away");
        IsUnavailable(write);
        IsUnavailable(await api.Get("/customers/cus_cold"));
        IsUnavailable(await api.Get("/orders?status=confirmed"));
        IsUnavailable(await api.Get("/ledger/trial-balance"));
        IsUnavailable(await api.Get("/orders/ord_warm/timeline"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.Get("/health/ready")).Status);
        (await api.Get("/health/live")).Expect(HttpStatusCode.OK);

        await postgres.StartAgain();
        await api.Eventually("/health/ready", r => r.Status == HttpStatusCode.OK);
        var retried = await api.Post("/customers", """{"id":"cus_away","name":"A","email":"away@example.com"}""", "away");
        Assert.True(retried.Status == HttpStatusCode.Created, retried.Body);
        Assert.Equal("confirmed", (await api.Order("ord_after", "AWAY", 1)).Expect(HttpStatusCode.Created)["status"].GetString());
        await api.Eventually("/orders?status=confirmed", r => r.Status == HttpStatusCode.OK && r["items"].GetArrayLength() == 2);
    }

    [Fact]
    public async Task While_PostgreSQL_hangs_it_is_not_ready_and_who_only_reads_hears_nothing_of_keys()
    {
        await using var postgres = await TestPostgres.StartPrivate();
        await using var gateway = await Gateway.Start(postgres.ConnectionString, "--Commerce:RequestTimeoutSeconds=1");
        var api = gateway.Api;
        using (postgres.Freeze())
        {
            var ready = (await api.Get("/health/ready")).Expect(HttpStatusCode.ServiceUnavailable);
            Assert.Equal("unavailable", ready["status"].GetString());
            var late = await api.Get("/customers/cus_cold");
            IsUnavailable(late);
            Assert.DoesNotContain("Idempotency-Key", late.Body);
            var write = await api.Post("/customers", """{"id":"cus_hang","name":"A","email":"hang@example.com"}""", "hang");
            IsUnavailable(write);
            Assert.Contains("Idempotency-Key", write.Body);
        }

        await api.Eventually("/health/ready", r => r.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_accepted_order_is_not_called_undone_when_PostgreSQL_dies_during_the_wait()
    {
        await using var postgres = await TestPostgres.StartPrivate();
        await using var gateway = await Gateway.Start(postgres.ConnectionString);
        var api = gateway.Api;
        await api.Goods("DURABLE", 5);
        (await api.Order("ord_durable", "DURABLE", 2, "pm_sandbox_slow")).Expect(HttpStatusCode.Created);
        // The provider takes three seconds; its answer cannot be kept then, so that the payment loses it.
        var waiting = api.Post("/payments/pay_durable/captures", """{"amount":100}""", "durable", ("Prefer", "wait=8"));
        await api.Eventually("/payments/pay_durable", r => r.Status == HttpStatusCode.OK && !r["settled"].GetBoolean());
        await postgres.Kill();
        (await waiting).Expect(HttpStatusCode.Accepted);

        await postgres.StartAgain();
        await api.Eventually("/payments/pay_durable", r => r.Status == HttpStatusCode.OK && r["settled"].GetBoolean());
    }

    [Fact]
    public async Task Orders_under_way_when_PostgreSQL_dies_come_to_their_end_when_it_is_back()
    {
        await using var postgres = await TestPostgres.StartPrivate();
        await using var gateway = await Gateway.Start(postgres.ConnectionString);
        var api = gateway.Api;
        await api.Goods("STORM", 1_000);
        var placed = Enumerable.Range(0, 40).Select(i => Placed(api, $"ord_storm{i}")).ToList();
        await Task.WhenAny(placed);
        await postgres.Kill();
        await postgres.StartAgain();
        await Task.WhenAll(placed);

        for (var i = 0; i < placed.Count; i++)
            await api.Eventually($"/orders/ord_storm{i}", r => r.Status == HttpStatusCode.OK && r["status"].GetString() == "confirmed");
        var stock = (await api.Get("/stock/STORM")).Expect(HttpStatusCode.OK);
        Assert.Equal((1_000, 40), (stock["onHand"].GetInt64(), stock["held"].GetInt64()));
        Assert.Equal(
            "shipped", (await api.PostAndWait("/orders/ord_storm7/shipments", null)).Expect(HttpStatusCode.OK)["status"].GetString());
        await api
            .Eventually("/ledger/entries?reference=ord_storm7", r => r.Status == HttpStatusCode.OK && r["items"].GetArrayLength() == 2);
        await OrderToCashTests.IsBalanced(api);
    }

    // As a good client does: again with the same key for as long as it takes.
    private static async Task Placed(Api api, string id)
    {
        for (var patience = 200; ; patience--)
        {
            var reply = await api.Post("/orders", $$"""
                {"id":"{{id}}","guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"STORM","quantity":1}],"paymentMethod":"pm_sandbox_ok"}
                """, id);
            if (reply.Status == HttpStatusCode.Accepted) return;
            Assert.True(patience > 0 && reply.Status == HttpStatusCode.ServiceUnavailable, reply.Body);
            await Task.Delay(100);
        }
    }

    private static void IsUnavailable(Reply reply)
    {
        reply.Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Contains(reply.Code, (string[])["temporarily_unavailable", "outcome_unknown", "deadline_exceeded"]);
        Assert.True(int.Parse(reply.Header("Retry-After")!) >= 1);
    }
}
