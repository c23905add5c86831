using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>Shipments that fail alone, and orders that are paid again (decision 19).</summary>
public sealed class OrderShipmentTests
{
    [Fact]
    public async Task A_refused_capture_fails_the_shipment_and_another_method_pays_for_the_next()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.CaptureDeclined);

        var order = await shop.Ship("shp_1", new LineQuantity(1, 2), new LineQuantity(3, 1));

        Assert.Equal((OrderStatus.Confirmed, ShipmentStatus.Failed), (order.Status, order.Shipments[0].Status));
        Assert.Equal("Its money could not be captured: The bank refused the capture.", order.Shipments[0].Reason);
        Assert.Equal((10, 5, 10, 4), await shop.Shelf());
        Assert.Equal((Shop.Total, 0, 0), await shop.Money());

        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_other", SandboxMethods.Ok.Name), shop.Call()));
        order = await shop.Settled();
        Assert.Equal(
            [OrderPaymentStatus.Replaced, OrderPaymentStatus.Authorized], order.Payments.Select(p => p.Status));
        Assert.Equal(("pay_other", (0L, 0L, 0L)), (order.PaymentId, await shop.Money()));
        order = await shop.Ship("shp_2");
        Assert.Equal((OrderStatus.Shipped, Shop.Total), (order.Status, order.Shipments[1].Captured));
        Assert.Equal(Shop.Total, (await shop.Entities.Get<IPayment>("pay_other").Get())!.Captured);
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task An_authorization_that_is_gone_shows_until_the_order_is_paid_again()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1", new LineQuantity(1, 1));
        Shop.Accepted(await shop.Payment.Void(new VoidPayment("hold lapsed at the bank"), shop.Call()));
        await shop.Until(o => o.AmountDue > 0, "it shows");

        var order = (await shop.Order.Get())!;
        Assert.Equal((OrderStatus.PartlyShipped, Shop.Total - 250), (order.Status, order.AmountDue));
        Assert.Equal([new OrderPayment("pay_1", OrderPaymentStatus.Gone, "hold lapsed at the bank")], order.Payments);
        Assert.Equal("payment_required", (await shop.Order.Ship(new ShipOrder("shp_2"), shop.Call())).Refusal?.Code);

        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_no", SandboxMethods.Declined.Name), shop.Call()));
        Assert.Equal(OrderPaymentStatus.Declined, (await shop.Settled()).Payments[1].Status);
        Assert.Equal(Shop.Total - 250, (await shop.Order.Get())!.AmountDue);
        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_yes", SandboxMethods.Ok.Name), shop.Call()));
        Assert.Equal((0L, "pay_yes"), ((await shop.Settled()).AmountDue, (await shop.Order.Get())!.PaymentId));

        await shop.Ship("shp_2");
        order = await shop.Return("ret_1");
        Assert.Equal((Shop.Total, Shop.Total), (order.Returns[0].Amount, order.Returns[0].Refunded));
        var other = (await shop.Entities.Get<IPayment>("pay_yes").Get())!;
        Assert.Equal(((0L, 250L, 250L), Shop.Total - 250, Shop.Total - 250), (await shop.Money(), other.Captured, other.Refunded));
    }

    [Fact]
    public async Task What_is_not_on_the_shelf_does_not_ship_and_is_not_charged()
    {
        await using var shop = await Shop.Open();
        Shop.Accepted(await shop.Stock("A").AllowBackorder(new AllowBackorder(true), shop.Call()));
        await shop.Place(null, new PlaceLine("A", 12));

        var order = await shop.Ship("shp_1");

        Assert.Equal((OrderStatus.Confirmed, ShipmentStatus.Failed), (order.Status, order.Shipments[0].Status));
        Assert.Equal("Line 1 (A): There is not enough of it on the shelf.", order.Shipments[0].Reason);
        Assert.Equal((10, 12, 10, 0), await shop.Shelf());
        Assert.Equal((3000, 0, 0), await shop.Money());

        await shop.Ship("shp_2", new LineQuantity(1, 10));
        Assert.Equal((0, 2, 10, 0), await shop.Shelf());
        Shop.Accepted(await shop.Stock("A").Receive(new ReceiveStock(2), shop.Call()));
        Assert.Equal(OrderStatus.Shipped, (await shop.Ship("shp_3")).Status);
        Assert.Equal((0, 0, 10, 0), await shop.Shelf());
    }

    [Fact]
    public async Task A_hold_that_is_gone_fails_the_shipment_and_what_had_left_the_shelf_comes_back()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Stock("B").Void(new VoidHold("ord_1/3"), shop.Call()));

        var order = await shop.Ship("shp_1");

        Assert.Equal((OrderStatus.Confirmed, ShipmentStatus.Failed), (order.Status, order.Shipments[0].Status));
        Assert.StartsWith("Its stock is no longer held. Line 3 (B): There is no open hold 'ord_1/3'", order.Shipments[0].Reason);
        Assert.Equal((10, 5, 10, 0), await shop.Shelf());
        Assert.Equal((Shop.Total, 0, 0), await shop.Money());
    }
}
