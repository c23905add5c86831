using System.Net;
using Xunit;

namespace Commerce.Client.Tests;

/// <summary>The client against a real gateway.</summary>
public sealed class ClientTests(Shop shop) : IClassFixture<Shop>
{
    private CommerceClient Client => shop.Client;

    [Fact]
    public async Task An_order_goes_to_cash_and_every_answer_has_its_type()
    {
        var placed = await Client.PlaceOrderAsync(Mugs("ord_cash", 3), prefer: "wait=30");
        Assert.Equal((OrderStatus.Confirmed, true), (placed.Status, placed.Settled));
        var shipped = await Client.ShipOrderAsync(
            "ord_cash", prefer: "wait=30", body: new NewShipment { Lines = [new LineQuantity { Line = 1, Quantity = 2 }] });
        Assert.Equal(OrderStatus.PartlyShipped, shipped.Status);
        var order = await Client.GetOrderAsync("ord_cash");
        Assert.Equal((2, 1, 2.123456m), (order.Lines[0].Shipped, order.Lines[0].Open, order.Lines[0].UnitPrice));
        Assert.Equal(new Money { Minor = 6, Currency = "GBP" }, order.Total);
        Assert.Equal(ShipmentStatus.Completed, Assert.Single(order.Shipments).Status);
        var payment = await Client.GetPaymentAsync(order.PaymentId!);
        Assert.Equal((PaymentStatus.PartlyCaptured, 4), (payment.Status, payment.Captured));
        var asked = await Client.RequestReturnAsync("ord_cash", new NewReturn { Id = "ret_cash", Reason = "chipped" }, prefer: "wait=30");
        Assert.Equal((ReturnStatus.Requested, null), (asked.Returns![0].Status, asked.Returns[0].Amount));
        var returned = await Client.ReceiveReturnAsync("ord_cash", "ret_cash", prefer: "wait=30", body: new ReturnReceipt());
        Assert.Equal(RefundedTo.PaymentMethod, Assert.Single(returned.Returns!).RefundedTo);
    }

    [Fact]
    public async Task An_answer_before_it_has_settled_is_of_the_same_type()
    {
        var placed = await Client.PlaceOrderAsync(Mugs("ord_soon", 1));
        Assert.Equal(("ord_soon", null, null), (placed.Id, placed.Settled, placed.Lines));
    }

    [Fact]
    public async Task The_same_key_again_is_the_same_intent_and_no_key_is_a_new_one()
    {
        var first = await Client.PlaceOrderAsync(Mugs(null, 1), idempotencyKey: "one-intent");
        Assert.Equal(first.Id, (await Client.PlaceOrderAsync(Mugs(null, 1), idempotencyKey: "one-intent")).Id);
        Assert.NotEqual((await Client.PlaceOrderAsync(Mugs(null, 1))).Id, (await Client.PlaceOrderAsync(Mugs(null, 1))).Id);
    }

    [Fact]
    public async Task A_problem_is_an_exception_that_says_what_where_and_what_to_do()
    {
        var problem = await Assert.ThrowsAsync<CommerceException>(() => Client.PlaceOrderAsync(Mugs("ord_none", 0)));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "invalid_quantity"), (problem.StatusCode, problem.Code));
        Assert.Equal("/lines/0/quantity", problem.Problem!.Field);
        Assert.Contains(problem.Problem.Remedy, problem.Message);
        Assert.NotEmpty(problem.Problem.RequestId);
        Assert.Null(await Client.GetOrderAsync("ord_none").OrNull());
        await Client.PlaceOrderAsync(Mugs("ord_moves", 1), prefer: "wait=30");
        var refused = await Assert.ThrowsAsync<CommerceException>(
            () => Client.RequestReturnAsync("ord_moves", new NewReturn { Reason = "none" }));
        Assert.Equal("confirmed", refused.Problem!.State);
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_refused_and_not_tried_again()
    {
        using var stranger = new CommerceClient(new CommerceOptions(shop.Address) { ApiKey = "a-key-of-somebody-else" });
        var refused = await Assert.ThrowsAsync<CommerceException>(() => stranger.ListOrdersAsync());
        Assert.Equal(("invalid_token", HttpStatusCode.Unauthorized), (refused.Code, refused.StatusCode));
    }

    [Fact]
    public async Task All_pages_of_a_list_are_read_and_words_and_days_filter_them()
    {
        for (var i = 0; i < 5; i++) await Client.PlaceOrderAsync(Mugs($"ord_page{i}", 1) with { Reference = "pages" }, prefer: "wait=30");
        var found = 0;
        for (var patience = 500; found < 5; patience--, await Task.Delay(20))
        {
            Assert.True(patience > 0, "The list never had all five.");
            found = 0;
            await foreach (var order in CommerceClient.All<OrderSummary>(async cursor =>
                await Client.ListOrdersAsync(status: OrderStatus.Confirmed, reference: "pages", limit: 2, cursor: cursor)))
                found += order.Id.StartsWith("ord_page", StringComparison.Ordinal) ? 1 : 0;
        }

        var nothing = await Client.ListOrdersAsync(status: OrderStatus.PartlyShipped, reference: "pages");
        Assert.Empty(nothing.Items);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        Assert.True((await Client.GetTrialBalanceAsync(today.AddDays(-1), today.AddDays(1))).Balanced);
    }

    [Fact]
    public async Task Live_events_are_read_in_order_and_go_on_where_they_were()
    {
        await Client.PlaceOrderAsync(Mugs("ord_live", 1), prefer: "wait=30");
        var seen = new List<LiveEvent>();
        await foreach (var item in Client.FollowOrder("ord_live"))
        {
            seen.Add(item);
            if (item.Type == "order-confirmed") break;
        }

        Assert.Equal(["order-placed", "order-confirmed"], seen.Select(e => e.Type));
        Assert.Equal(("1", "ord_live", 1), (seen[0].Id, seen[0].Data.OrderId, seen[0].Data.Version));
        await foreach (var item in Client.FollowOrder("ord_live", seen[0].Id))
        {
            Assert.Equal(seen[1].Id, item.Id);
            break;
        }
    }

    private static NewOrder Mugs(string? id, long quantity) => new()
    {
        Id = id, Currency = "GBP", Guest = new GuestContact { Name = "Ada" }, PaymentMethod = "pm_sandbox_ok",
        Lines = [new PlaceLine { Sku = "MUG", Quantity = quantity }],
    };
}
