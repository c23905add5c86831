using System.Net;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>The same key does a thing once, whatever happens.</summary>
public sealed class IdempotencyTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task A_retry_gets_the_first_answer_and_changes_nothing()
    {
        await Api.Goods("RETRY", 0);
        var first = (await Api.Post("/stock/RETRY/receipts", """{"quantity":7}""", "retry-1")).Expect(HttpStatusCode.OK);
        (await Api.Post("/stock/RETRY/receipts", """{"quantity":1}""", "retry-2")).Expect(HttpStatusCode.OK);
        var before = await gateway.CountFacts();
        var again = (await Api.Post("/stock/RETRY/receipts", """ { "quantity" : 7 } """, "retry-1")).Expect(HttpStatusCode.OK);
        Assert.Equal(first.Body, again.Body);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal((null, "true"), (first.Header("Idempotent-Replayed"), again.Header("Idempotent-Replayed")));
        Assert.Equal(before, await gateway.CountFacts());
    }

    [Theory]
    [InlineData("quoted-1", "\"quoted-1\"")]
    [InlineData("quoted\"2\\", "\"quoted\\\"2\\\\\"")]
    public async Task A_key_in_quotes_is_the_same_as_without(string key, string quoted)
    {
        if ((await Api.Get("/products/QUOTED")).Status == HttpStatusCode.NotFound) await Api.Goods("QUOTED", 0);
        var first = (await Api.Post("/stock/QUOTED/receipts", """{"quantity":7}""", key)).Expect(HttpStatusCode.OK);
        var again = (await Api.Post("/stock/QUOTED/receipts", """{"quantity":7}""", quoted)).Expect(HttpStatusCode.OK);
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotent-Replayed")));
    }

    [Fact]
    public async Task A_retried_order_is_the_same_order_though_the_client_named_none()
    {
        await Api.Goods("SAME", 5);
        const string body =
            """{"guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"SAME","quantity":1}],"paymentMethod":"pm_sandbox_ok"}""";
        var first = (await Api.PostAndWait("/orders", body, "same-order")).Expect(HttpStatusCode.Created);
        var again = (await Api.PostAndWait("/orders", body, "same-order")).Expect(HttpStatusCode.Created);
        Assert.Equal(first["id"].GetString(), again["id"].GetString());
        Assert.Equal(4, (await Api.Get("/stock/SAME"))["available"].GetInt64());
    }

    [Theory]
    [InlineData("/stock/REUSE/receipts", """{"quantity":8}""")]
    [InlineData("/stock/REUSE/adjustments", """{"change":7,"reason":"r"}""")]
    [InlineData("/customers", """{"name":"N","email":"reuse@example.com"}""")]
    public async Task A_key_that_named_another_intent_is_refused(string path, string body)
    {
        if ((await Api.Get("/products/REUSE")).Status == HttpStatusCode.NotFound) await Api.Goods("REUSE", 0);
        (await Api.Post("/stock/REUSE/receipts", """{"quantity":7}""", "reuse")).Expect(HttpStatusCode.OK);
        var before = await gateway.CountFacts();
        var reply = (await Api.Post(path, body, "reuse")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Equal("idempotency_key_reused", reply.Code);
        Assert.Equal(before, await gateway.CountFacts());
    }

    [Fact]
    public async Task A_refused_request_may_be_corrected_under_its_key()
    {
        (await Api.Post("/customers", """{"name":"N","email":"wrong"}""", "correct")).Expect(HttpStatusCode.UnprocessableEntity);
        (await Api.Post("/customers", """{"name":"N","email":"right@example.com"}""", "correct")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Many_at_once_with_one_key_do_it_once()
    {
        await Api.Goods("ATONCE", 0);
        var replies = await Task
            .WhenAll(Enumerable.Range(0, 20).Select(_ => Api.Post("/stock/ATONCE/receipts", """{"quantity":3}""", "atonce")));
        Assert.All(replies, r => r.Expect(HttpStatusCode.OK));
        Assert.Single(replies.Select(r => r.Body).Distinct());
        Assert.Equal(3, (await Api.Get("/stock/ATONCE"))["onHand"].GetInt64());
    }

    [Fact]
    public async Task While_the_first_still_runs_a_second_waits_for_its_answer()
    {
        const string body = """{"id":"cus_progress","name":"P","email":"progress@example.com"}""";
        var held = await gateway.HoldAppends("Customers");
        var both = Enumerable.Range(0, 2).Select(_ => Api.Post("/customers", body, "progress")).ToList();
        (await Api.Post("/customers", """{"id":"cus_other","name":"O","email":"wrong"}""")).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.All(both, r => Assert.False(r.IsCompleted));

        await held.DisposeAsync();
        var done = await Task.WhenAll(both);
        Assert.All(done, r => r.Expect(HttpStatusCode.Created));
        Assert.Equal(done[0].Body, done[1].Body);
    }

    [Fact]
    public async Task Two_who_register_one_address_at_once_become_one_customer()
    {
        for (var round = 0; round < 5; round++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Api.Post(
                "/customers", $$"""{"name":"Twin {{i}}","email":"{{(i % 2 == 0 ? "Twin" : "twin")}}{{round}}@example.com"}""")));
            Assert.Single(replies, r => r.Status == HttpStatusCode.Created);
            Assert.All(replies.Where(r => r.Status != HttpStatusCode.Created), r =>
                Assert.Equal((HttpStatusCode.Conflict, "email_taken"), (r.Status, r.Code)));
        }
    }

    [Fact]
    public async Task Fifty_buyers_of_the_last_item_make_one_confirmed_order()
    {
        await Api.Goods("LAST", 1);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Api.Order($"ord_last{i}", "LAST", 1)));
        Assert.All(replies, r => r.Expect(HttpStatusCode.Created));
        Assert.Single(replies, r => r["status"].GetString() == "confirmed");
        Assert.Equal(49, replies.Count(r => r["status"].GetString() == "rejected" && r["reason"].GetString()!.Contains("not enough")));
        var stock = await Api.Get("/stock/LAST");
        Assert.Equal((1, 1, 0), (stock["onHand"].GetInt64(), stock["held"].GetInt64(), stock["available"].GetInt64()));
    }
}
