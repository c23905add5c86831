using Commerce.Domain.Tests.Payments;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>Payments of one order that overlap, with each other and with what clerks do (decision 19).</summary>
public sealed class OrderPaymentTests
{
    [Fact]
    public async Task Nothing_ships_while_another_payment_is_being_authorized()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_2", SandboxMethods.Slow.Name), shop.Call()));

        Assert.Equal("payment_pending", (await shop.Order.Ship(new ShipOrder("shp_1"), shop.Call())).Refusal?.Code);

        Assert.Equal("pay_2", (await shop.Settled()).PaymentId);
        Assert.Equal(OrderStatus.Shipped, (await shop.Ship("shp_1")).Status);
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task A_payment_that_was_asked_for_while_all_of_it_shipped_is_not_needed()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.Slow);
        Shop.Accepted(await shop.Order.Ship(new ShipOrder("shp_1"), shop.Call()));
        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_2", SandboxMethods.Ok.Name), shop.Call()));

        var order = await shop.Settled();

        Assert.Equal((OrderStatus.Shipped, ShipmentStatus.Completed), (order.Status, order.Shipments[0].Status));
        Assert.Equal(
            new OrderPayment("pay_2", OrderPaymentStatus.Gone, "It was not needed any more: all had shipped."), order.Payments[1]);
        Assert.Equal((0, Shop.Total, 0), await shop.Money());
        Assert.Equal(0, (await shop.Entities.Get<IPayment>("pay_2").Get())?.Authorized ?? 0);
    }

    [Fact]
    public async Task What_a_clerk_captures_of_a_replaced_payment_pays_for_shipments()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.VoidDeclined);
        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_2", SandboxMethods.Ok.Name), shop.Call()));
        await shop.Settled();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("cap_1", Shop.Total), shop.Call()));
        await shop.Until(o => o.Captures.Count == 1, "it is noted");
        Shop.Accepted(await shop.Entities.Get<IPayment>("pay_2").Void(new VoidPayment("one payment is enough"), shop.Call()));
        await shop.AllHandled();

        Assert.Equal(0, (await shop.Order.Get())!.AmountDue);
        Assert.Equal(OrderStatus.Shipped, (await shop.Ship("shp_1")).Status);
        Assert.Equal((0, Shop.Total, 0), await shop.Money());
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 100)]
    public async Task What_a_clerk_captures_when_all_is_paid_is_given_back_or_credited(bool declined, long credit)
    {
        await using var shop = await Shop.Open(sandbox => new Line(sandbox, reference =>
            reference is "pay_1/void/1" or "pay_1/void/2" || (declined && reference.Contains("/refund/", StringComparison.Ordinal))
                ? new ProviderResult.Refused("no", "The bank refuses.")
                : null));
        await shop.Place();
        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_2", SandboxMethods.Ok.Name), shop.Call()));
        await shop.Settled();
        Shop.Accepted(await shop.Order.Ship(new ShipOrder("shp_1"), shop.Call()));
        await shop.Until(o => o.Shipments[0].Status == ShipmentStatus.Completed, "it has shipped");
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("cap_1", 100), shop.Call()));

        await shop.Settled(TimeSpan.FromHours(12));
        await shop.AllHandled();

        var other = (await shop.Entities.Get<IPayment>("pay_2").Get())!;
        Assert.Equal((100, Shop.Total), ((await shop.Money()).Item2, other.Captured));
        Assert.Equal(100 - credit, (await shop.Money()).Item3 + other.Refunded);
        var entry = await shop.Entities.Get<ILedgerEntry>("ord_1/overpaid").Get();
        Assert.Equal(credit, entry?.Postings.Single(p => p.Account == OrderAccounts.CustomerCredit.Name).Credit ?? 0);
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task A_lost_authorization_shows_though_a_refund_was_under_way_and_refused()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.RefundDeclined);
        await shop.Ship("shp_1", new LineQuantity(1, 1));
        shop.Sandbox.Outage = true;
        Shop.Accepted(await shop.Payment.Void(new VoidPayment("a mistake"), shop.Call()));
        Shop.Accepted(await shop.Payment.Refund(new RefundPayment("rfd_1", 100), shop.Call()));
        shop.Sandbox.Outage = false;

        await shop.Until(o => o.AmountDue == Shop.Total - 250, "the loss shows");

        Assert.Equal(OrderPaymentStatus.Gone, (await shop.Order.Get())!.Payments[0].Status);
    }
}
