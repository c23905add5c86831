using Commerce.Customers;
using Commerce.Domain.Tests.Payments;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>Returns, to the shelf and of their money.</summary>
public sealed class OrderReturnTests
{
    [Fact]
    public async Task A_return_goes_back_to_the_shelf_and_to_the_payment_method()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1");

        var part = await shop.Return("ret_1", new LineQuantity(1, 2), new LineQuantity(4, 1));
        Assert.Equal((RefundedTo.PaymentMethod, 600L), (part.Returns[0].RefundedTo, part.Returns[0].Amount));
        Assert.Equal((0, Shop.Total, 600), await shop.Money());
        Assert.Equal((7, 0, 6, 0), await shop.Shelf());

        Assert.Empty((await shop.Return("ret_2")).AllowedMoves);
        Assert.Equal((0, Shop.Total, Shop.Total), await shop.Money());
        Assert.Equal((10, 0, 10, 0), await shop.Shelf());
    }

    [Fact]
    public async Task A_return_that_is_asked_for_moves_stock_and_money_once_it_is_received()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1");

        Shop.Accepted(await shop.Order.Return(new ReturnItems("ret_1", [new(1, 2)], "unwanted"), shop.Call()));
        Assert.Equal(ReturnStatus.Requested, (await shop.Settled()).Returns[0].Status);
        await shop.Crash();
        await shop.AllHandled();
        Assert.Equal(((0, Shop.Total, 0), (5, 0, 6, 0)), (await shop.Money(), await shop.Shelf()));

        Shop.Accepted(await shop.Order.ReceiveReturn(new ReceiveReturn("ret_1"), shop.Call()));
        Assert.Equal(ReturnStatus.Completed, (await shop.Settled()).Returns[0].Status);
        Assert.Equal(((0, Shop.Total, 500), (7, 0, 6, 0)), (await shop.Money(), await shop.Shelf()));
    }

    [Fact]
    public async Task Units_that_never_come_hold_up_an_erasure_for_their_time_and_no_longer()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1");
        Shop.Accepted(await shop.Order.Return(new ReturnItems("ret_1", null, "unwanted"), shop.Call()));
        Shop.Accepted(await shop.Order.Erase(shop.Call()));
        Assert.StartsWith("The units of a return", (await shop.Order.GetErasure())!.WaitsFor);

        shop.Clock.Advance(ReturnRules.ComesWithin);
        await shop.Clock.Until(
            async () => (await shop.Order.GetErasure())!.Status == ErasureStatus.Erased, "it is erased", TimeSpan.FromMinutes(1),
            TimeSpan.FromDays(1));

        Assert.Equal(ReturnStatus.Rejected, (await shop.Order.Get())!.Returns[0].Status);
        Assert.Equal((0, Shop.Total, 0), await shop.Money());
    }

    [Fact]
    public async Task A_refund_that_the_payment_method_does_not_take_goes_to_the_customers_credit()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.RefundDeclined);
        await shop.Ship("shp_1");

        var order = await shop.Return("ret_1");

        Assert.Equal((ReturnStatus.Completed, RefundedTo.CustomerCredit), (order.Returns[0].Status, order.Returns[0].RefundedTo));
        Assert.Equal((0, Shop.Total, 0), await shop.Money());
    }

    [Fact]
    public async Task A_second_process_that_saw_the_payment_before_its_capture_refunds_all_the_same()
    {
        await using var shop = await Shop.Open();
        await shop.Place(lines: [new PlaceLine("A", 3)]);
        await using var second = shop.Second();
        Assert.Equal(0, (await second.Get<IPayment>("pay_1").Get())!.Captured);
        await shop.Ship("shp_1");
        var back = new ReturnItems("ret_1", null, "unwanted", Received: true);
        Assert.True((await second.Get<IOrder>(Shop.OrderId).Return(back, shop.Call())).Accepted);
        await shop.Clock.Until(
            async () => await second.Get<IOrder>(Shop.OrderId).Get() is { Settled: true }, "the return is done", TimeSpan.FromTicks(1));
        Assert.Equal((750, 750), (shop.Sandbox.Movements.Where(m => m.Kind == ProviderOperation.Capture).Sum(m => m.Amount.Minor),
            shop.Sandbox.Movements.Where(m => m.Kind == ProviderOperation.Refund).Sum(m => m.Amount.Minor)));
    }

    [Fact]
    public async Task Units_that_find_no_room_on_the_shelf_come_back_once_there_is()
    {
        await using var shop = await Shop.Open();
        await shop.Place(null, new PlaceLine("A", 3));
        await shop.Ship("shp_1");
        for (var left = StockRules.MaxOnHand - 7; left > 0; left -= StockRules.MaxQuantity)
            Shop.Accepted(await shop.Stock("A").Receive(new ReceiveStock(Math.Min(left, StockRules.MaxQuantity)), shop.Call()));

        Shop.Accepted(await shop.Order.Return(new ReturnItems("ret_1", null, "unwanted", Received: true), shop.Call()));
        await shop.Until(o => o.Waiting?.StartsWith("The units cannot be put back on the shelf") == true, "it says what it waits for");
        Shop.Accepted(await shop.Stock("A").Adjust(new AdjustStock(-5, "moved to another house"), shop.Call()));
        var order = await shop.Settled();

        Assert.Equal(ReturnStatus.Completed, order.Returns[0].Status);
        Assert.Equal(StockRules.MaxOnHand - 5 + 3, (await shop.Stock("A").Get())!.OnHand);
    }

    [Fact]
    public async Task What_was_given_back_by_hand_is_not_credited_once_more()
    {
        await using var shop = await Shop.Open(sandbox => new Line(
            sandbox, reference => reference.StartsWith("pay_1/refund/ret_") ? new ProviderResult.Refused("no", "Only by hand.") : null));
        await shop.Place();
        await shop.Ship("shp_1");

        await shop.Return("ret_1", new LineQuantity(1, 1));
        Shop.Accepted(await shop.Payment.Refund(new RefundPayment("sorry", Shop.Total - 600), shop.Call()));
        await shop.Clock.Until(async () => (await shop.Money()).Item3 == Shop.Total - 600, "it is refunded by hand");
        var order = await shop.Return("ret_2");

        Assert.Equal([RefundedTo.CustomerCredit, RefundedTo.CustomerCredit], order.Returns.Select(r => r.RefundedTo));
        Assert.Equal(
            [(RefundKind.CustomerCredit, 250), (RefundKind.Allowance, Shop.Total - 850)], order.Refunds.Select(r => (r.Kind, r.Amount)));
        Assert.Equal([250, 600], order.Returns.Select(r => r.Refunded));
        await shop.Clock.Until(async () => await Booked("return/ret_1") == 250 && await Booked("return/ret_2") == 600, "it is booked");
        await shop.Clock.Until(
            async () => await Booked("credit_paid_out/sorry") == 250 && await Booked("allowance/sorry") == Shop.Total - 850,
            "what was given back by hand is booked");
        Assert.Equal(Shop.Total, (await shop.Money()).Item3 + 600);

        async Task<long?> Booked(string what) =>
            (await shop.Entities.Get<ILedgerEntry>($"ord_1/{what}").Get())?.Postings.Sum(p => p.Credit);
    }
}
