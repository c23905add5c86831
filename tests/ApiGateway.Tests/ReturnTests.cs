using System.Net;
using Xunit;

namespace Commerce.ApiGateway.Tests;

/// <summary>Returns that are asked for, received and rejected over HTTP.</summary>
public sealed class ReturnTests(Gateway gateway) : IClassFixture<Gateway>
{
    private Api Api => gateway.Api;

    [Fact]
    public async Task A_receipt_is_conditional_repeatable_and_dated_like_other_changes()
    {
        await Api.Goods("BACK-1", 5, 100);
        (await Api.PostAndWait("/orders", """
            {"id":"ord_back","guest":{"name":"G"},"currency":"GBP","lines":[{"sku":"BACK-1","quantity":2}],
             "paymentMethod":"pm_sandbox_ok","orderedAt":"2011-03-04T10:00:00Z"}
            """)).Expect(HttpStatusCode.Created);
        (await Api.PostAndWait("/orders/ord_back/shipments", """{"shippedAt":"2011-03-05T09:00:00Z"}""")).Expect(HttpStatusCode.OK);
        (await Api.Put("/ledger/closing", """{"through":"2011-03-31"}""")).Expect(HttpStatusCode.OK);
        const string receipt = "/orders/ord_back/returns/ret_1/receipt";
        const string april = """{"returnedAt":"2011-04-02T09:00:00Z"}""";

        var asked = (await Api.PostAndWait("/orders/ord_back/returns", """{"id":"ret_1","reason":"too big"}""")).Expect(HttpStatusCode.OK);
        Assert.Equal("requested", asked["returns.0.status"].GetString());
        var closed = await Api.Post(receipt, """{"returnedAt":"2011-03-20T09:00:00Z"}""");
        Assert.Equal("period_closed", closed.Expect(HttpStatusCode.UnprocessableEntity).Code);
        (await Api.Post(receipt, april, null, ("If-Match", "\"1\""))).Expect(HttpStatusCode.PreconditionFailed);
        (await Api.Post(receipt, april, null, ("If-Match", asked.Headers.ETag!.Tag), ("Prefer", "wait=60"))).Expect(HttpStatusCode.OK);
        var first = (await Api.Post(receipt, april, "receipt-1")).Expect(HttpStatusCode.Accepted);
        var again = (await Api.Post(receipt, april, "receipt-1")).Expect(HttpStatusCode.Accepted);
        Assert.Equal((first.Body, "true"), (again.Body, again.Header("Idempotent-Replayed")));

        var entry = await Api.Eventually("/ledger/entries?reference=ord_back&account=refunds", r => r["items"].GetArrayLength() == 1);
        Assert.StartsWith("2011-04-02", entry["items.0.occurredAt"].GetString());
        await OrderToCashTests.IsBalanced(Api);
    }

    [Fact]
    public async Task A_rejected_return_says_why_and_its_units_can_be_asked_for_again()
    {
        await Api.Goods("BACK-2", 5, 100);
        await Api.Order("ord_worn", "BACK-2", 2);
        (await Api.PostAndWait("/orders/ord_worn/shipments", null)).Expect(HttpStatusCode.OK);
        (await Api.PostAndWait("/orders/ord_worn/returns", """{"id":"ret_1","reason":"too big"}""")).Expect(HttpStatusCode.OK);
        var full = await Api.Post("/orders/ord_worn/returns", """{"reason":"too big"}""");
        Assert.Equal("return_exceeds_shipment", full.Expect(HttpStatusCode.Conflict).Code);

        var worn = await Api.PostAndWait("/orders/ord_worn/returns/ret_1/rejection", """{"reason":"worn"}""");
        Assert.Equal("worn", worn.Expect(HttpStatusCode.OK)["returns.0.rejection"].GetString());
        var late = (await Api.Post("/orders/ord_worn/returns/ret_1/receipt", null)).Expect(HttpStatusCode.Conflict);
        Assert.Equal(("move_not_allowed", "rejected"), (late.Code, late["state"].GetString()));
        var here = await Api.PostAndWait("/orders/ord_worn/returns", """{"id":"ret_2","reason":"too big","received":true}""");
        Assert.Equal("completed", here.Expect(HttpStatusCode.OK)["returns.1.status"].GetString());
        var tale = (await Api.Get("/orders/ord_worn/timeline"))["items"].EnumerateArray().Select(e => e.GetProperty("what").GetString());
        Assert.Contains("Return ret_1 was not taken: worn", tale);
        Assert.Equal((200, 5), ((await Api.Get("/payments/pay_worn"))["refunded"].GetInt64(),
            (await Api.Get("/stock/BACK-2"))["onHand"].GetInt64()));
    }

    [Fact]
    public async Task An_order_that_could_not_have_its_stock_tells_no_number_of_it()
    {
        await Api.Goods("BACK-3", 7);
        var order = await Api.Order("ord_much", "BACK-3", 900);
        Assert.Equal(("rejected", "Line 1 (BACK-3): There is not enough of it."),
            (order["status"].GetString(), order["reason"].GetString()));
    }
}
