using Commerce.Customers;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>Money that is given back by hand, at the payment.</summary>
public sealed class OrderRefundTests
{
    private static readonly string[] Accounts = ["provider_clearing", "receivable", "sales", "refunds", "customer_credit"];

    [Fact]
    public async Task Refunded_before_it_ships_it_does_not_ship_for_nothing()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("cap_1", null), shop.Call()));
        await GiveBack(shop, "rfd_1", Shop.Total);
        var told = (await shop.Order.Get())!;
        Assert.Equal([new OrderRefund("pay_1", "rfd_1", RefundKind.Prepayment, Shop.Total, Given.Now, "by hand")], told.Refunds);

        Assert.Equal(Shop.Total, told.AmountDue);

        var refused = (await shop.Order.Ship(new ShipOrder("shp_1"), shop.Call())).Refusal!;

        Assert.Equal(("payment_required", Shop.Total), (refused.Code, refused.Values!.AmountDue));
        Assert.Equal((10, 5, 10, 4), await shop.Shelf());
        await Books(shop, 0, 0, 0, 0, 0);

        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_1b", "pm_sandbox_ok"), shop.Call()));
        await shop.Settled();
        var shipped = await shop.Ship("shp_1");
        Assert.Equal((OrderStatus.Shipped, Shop.Total, 0L), (shipped.Status, shipped.Shipments[0].Captured, shipped.AmountDue));
        await Books(shop, Shop.Total, 0, -Shop.Total, 0, 0);
    }

    [Fact]
    public async Task A_prepayment_given_back_in_part_and_cancelled_leaves_nothing_in_the_books()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("cap_1", 2000), shop.Call()));
        await GiveBack(shop, "rfd_1", 1000);

        var order = await shop.Cancel();

        Assert.Equal([(RefundKind.Prepayment, 1000L), (RefundKind.Prepayment, 1000L)], order.Refunds.Select(r => (r.Kind, r.Amount)));
        Assert.Equal((0, 2000, 2000), await shop.Money());
        await Books(shop, 0, 0, 0, 0, 0);
    }

    [Fact]
    public async Task A_prepayment_of_which_some_was_given_back_pays_for_the_rest()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("cap_1", 1000), shop.Call()));
        await GiveBack(shop, "rfd_1", 400);

        var order = await shop.Ship("shp_1", new LineQuantity(1, 3));

        Assert.Equal((750L, 150L), (order.Shipments[0].Amount, order.Shipments[0].Captured)); // 600 were there
        Assert.Equal((Shop.Total - 1150, 1150, 400), await shop.Money());
        await Books(shop, 750, 0, -750, 0, 0);
    }

    [Fact]
    public async Task After_an_allowance_a_return_gives_back_what_is_left_of_the_sale()
    {
        await using var shop = await Shop.Open();
        var customer = shop.Entities.Get<ICustomer>("cus_1");
        Shop.Accepted(await customer.Register(new RegisterCustomer("Ada", "ada@example.com", null, null), shop.Call()));
        Shop.Accepted(await shop.Order.Place(Shop.Command() with { CustomerId = "cus_1" }, shop.Call()));
        await shop.Settled();
        await shop.Ship("shp_1");
        await GiveBack(shop, "rfd_1", 1500);
        await Books(shop, Shop.Total - 1500, 0, -Shop.Total, 1500, 0);

        var order = await shop.Return("ret_1");

        Assert.Equal([RefundKind.Allowance], order.Refunds.Select(r => r.Kind));
        Assert.Equal(
            (Shop.Total, Shop.Total - 1500, RefundedTo.PaymentMethod),
            (order.Returns[0].Amount, order.Returns[0].Refunded, order.Returns[0].RefundedTo));
        await Books(shop, 0, 0, -Shop.Total, Shop.Total, 0);
        await shop.Clock.Until(
            async () => (await customer.Get())!.Lifetime is [{ Spent: Shop.Total, Refunded: Shop.Total }], "the figures know it");
    }

    [Fact]
    public async Task Where_all_was_given_back_by_hand_a_return_gives_nothing_back_and_says_so()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1");
        await GiveBack(shop, "rfd_1", Shop.Total);

        var back = (await shop.Return("ret_1")).Returns[0];

        Assert.Equal((0L, RefundedTo.Nowhere), (back.Refunded, back.RefundedTo));
        Assert.Equal((0, Shop.Total, Shop.Total), await shop.Money());
    }

    [Fact]
    public void A_shipment_is_not_completed_with_money_that_was_given_back_meanwhile()
    {
        var order = RuledOrder.Confirmed().Move(PaymentOperation.Capture, "cap_1", 510).Ship("shp_1");
        var seen = order.Payments.ToList();
        order.Move(PaymentOperation.Refund, "rfd_1", 1).Note();

        OrderRules.Shipped(order.State, "shp_1", seen).Accepts();
        Assert.Equal("ship/shp_1", order.Next!.Name);
    }

    [Fact]
    public void What_a_return_gives_back_is_told_by_the_return_alone()
    {
        var order = RuledOrder.Shipped().Return("ret_1").Run();
        Assert.Equal(0, order.Kept);
        Assert.Empty(RefundRules.Note(order.State, order.Payments));
    }

    [Fact]
    public void What_a_closing_order_gives_back_is_part_of_it()
    {
        var order = RuledOrder.Confirmed().Move(PaymentOperation.Capture, "cap_1", 100).Cancel().Run();
        Assert.Equal([(RefundRules.NotShipped, RefundKind.Prepayment, 100L)], order.State.Refunds.Select(r => (r.Id, r.Kind, r.Amount)));
        Assert.Equal(0, ((OrderClosed)order.Facts[^1]).Credited);
    }

    [Fact]
    public void A_refund_is_noted_once()
    {
        var order = RuledOrder.Shipped().Move(PaymentOperation.Refund, "rfd_1", 10).Note();
        Assert.Equal(RefundKind.Allowance, Assert.IsType<RefundNoted>(order.Facts[^1]).Kind);
        Assert.Empty(RefundRules.Note(order.State, order.Payments));
    }

    private static async Task GiveBack(Shop shop, string id, long amount)
    {
        Shop.Accepted(await shop.Payment.Refund(new RefundPayment(id, amount, Given.Now, "by hand"), shop.Call()));
        await shop.Until(o => o.Refunds.Any(r => r.Id == id), "the order knows it");
    }

    // Debit less credit of each account, over all entries, once all facts are booked.
    private static async Task Books(Shop shop, params long[] balances)
    {
        await shop.AllHandled();
        var booked = new long[Accounts.Length];
        var ledger = shop.Store("Ledger");
        for (var partition = 0; partition < ledger.Partitions; partition++)
        {
            var (facts, _) = await ledger.Read(partition, 0, 1000, null, TestContext.Current.CancellationToken);
            foreach (var posting in facts.SelectMany(f => ((EntryPosted)LedgerCapability.Facts.Decode(f.Fact)).Entry.Postings))
                booked[Array.IndexOf(Accounts, posting.Account)] += posting.Debit - posting.Credit;
        }

        Assert.Equal(balances, booked);
    }
}
