using Commerce.Catalogue;
using Commerce.Domain.Tests.Payments;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

public sealed class OrderProcessTests
{
    [Fact]
    public async Task An_order_goes_from_placed_to_cash()
    {
        await using var shop = await Shop.Open();

        var confirmed = await shop.Place();
        Assert.Equal((OrderStatus.Confirmed, "pay_1"), (confirmed.Status, confirmed.PaymentId));
        Assert.Equal(["ship", "pay", "cancel"], confirmed.AllowedMoves);
        Assert.Equal((10, 5, 10, 4), await shop.Shelf());
        Assert.Equal((Shop.Total, 0, 0), await shop.Money());

        var part = await shop.Ship("shp_1", new LineQuantity(1, 1), new LineQuantity(4, 1));
        Assert.Equal((OrderStatus.PartlyShipped, ShipmentStatus.Completed), (part.Status, part.Shipments[0].Status));
        Assert.Equal((9, 4, 10, 4), await shop.Shelf());
        Assert.Equal((Shop.Total - 350, 350, 0), await shop.Money());

        var all = await shop.Ship("shp_2");
        Assert.Equal(OrderStatus.Shipped, all.Status);
        Assert.Equal((5, 0, 6, 0), await shop.Shelf());
        Assert.Equal((0, Shop.Total, 0), await shop.Money());
        Assert.Empty(shop.Problems);
    }

    [Fact]
    public async Task A_line_that_cannot_be_held_rejects_the_order_by_line_and_SKU_and_frees_the_rest()
    {
        await using var shop = await Shop.Open();

        var order = await shop.Place(null, new("B", 2), new("A", 8), new("A", 3));

        Assert.Equal(OrderStatus.Rejected, order.Status);
        Assert.Equal("Line 3 (A): There is not enough of it.", order.Reason);
        Assert.Equal([2, 8, 3], order.Lines.Select(l => l.Cancelled));
        Assert.Null(await shop.Payment.Get());
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task A_declined_payment_rejects_the_order_and_gives_its_stock_back()
    {
        await using var shop = await Shop.Open();

        var order = await shop.Place(SandboxMethods.InsufficientFunds);

        Assert.Equal(OrderStatus.Rejected, order.Status);
        Assert.Equal("The payment was declined: The account has not enough money.", order.Reason);
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task An_order_does_not_repeat_what_the_provider_says_of_a_declined_payment()
    {
        await using var shop = await Shop.Open();

        var order = await shop.Place(SandboxMethods.Declined);

        Assert.Equal("The payment was declined: Another payment method may work.", order.Reason);
        var payment = await shop.Payment.Get();
        Assert.Equal(("card_declined", "The card was declined."), (payment!.DeclineCode, payment.Reason));
    }

    [Fact]
    public async Task An_order_for_nothing_has_no_payment()
    {
        await using var shop = await Shop.Open();

        Assert.Equal(OrderStatus.Confirmed, (await shop.Place(null, new PlaceLine("A", 1, 0))).Status);
        var order = await shop.Ship("shp_1");
        var back = (await shop.Return("ret_1")).Returns[0];

        Assert.Equal((OrderStatus.Shipped, null), (order.Status, order.PaymentId));
        Assert.Equal(RefundedTo.Nowhere, back.RefundedTo);
        Assert.Null(await shop.Payment.Get());
        Assert.Equal((10, 0, 10, 0), await shop.Shelf());
    }

    [Fact]
    public async Task Money_for_what_does_not_ship_goes_to_the_customers_credit_if_not_back()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.RefundDeclined);
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("by_hand", Shop.Total), shop.Call()));

        Assert.Equal(OrderStatus.Cancelled, (await shop.Cancel()).Status);

        Assert.Equal((10, 0, 10, 0), await shop.Shelf());
        Assert.Equal((0, Shop.Total, 0), await shop.Money());
        await shop.Clock.Until(
            async () => (await shop.Entities.Get<ILedgerEntry>("ord_1/closed").Get())?.Postings.Sum(p => p.Credit) == Shop.Total,
            "it is booked");
    }

    [Fact]
    public async Task An_authorization_that_arrives_after_the_order_was_closed_has_no_effect()
    {
        await using var shop = await Shop.Open();
        shop.Store("Inventory").TakeAway(); // the order requests its hold, without an effect, and not yet its payment
        Shop.Accepted(await shop.Order.Place(Shop.Command(null, new PlaceLine("A", 3)), shop.Call()));
        await shop.Clock.Until(() => Task.FromResult(shop.Setbacks > 0), "the hold has failed");
        Shop.Accepted(await shop.Order.Cancel(new CancelOrder("at once"), shop.Call()));
        shop.Store("Inventory").BringBack();
        Assert.Equal((OrderStatus.Cancelled, null), ((await shop.Settled()).Status, (await shop.Order.Get())!.PaymentId));

        var late = await shop.Payment.Authorize(
            new AuthorizePayment("ord_1", new Money(750, "GBP"), SandboxMethods.Ok.Name, shop.Clock.Now.AddDays(1)),
            shop.Call("ord_1/authorize"));

        Assert.Equal("authorization_cancelled", late.Refusal?.Code);
        Assert.Null(await shop.Payment.Get());
    }

    [Fact]
    public async Task Who_waits_in_the_call_gets_the_order_as_it_has_settled()
    {
        await using var shop = await Shop.Open();
        var call = shop.Call("place") with { WaitUntil = shop.Clock.Now.AddSeconds(5) };
        var placed = Shop.Accepted(await shop.Order.Place(Shop.Command(null, new PlaceLine("A", 3)), call));
        Assert.Equal((OrderStatus.Placed, OrderStatus.Confirmed), (placed.Status, placed.Settled?.Status));
        var shipped = Shop.Accepted(await shop.Order.Ship(
            new ShipOrder("shp_1"), shop.Call("ship") with { WaitUntil = shop.Clock.Now.AddSeconds(5) }));
        Assert.Equal(OrderStatus.Shipped, shipped.Settled?.Status);
        Assert.Equal(OrderStatus.Shipped, Shop.Accepted(await shop.Order.Place(
            Shop.Command(null, new PlaceLine("A", 3)), call with { WaitUntil = shop.Clock.Now.AddSeconds(5) })).Settled?.Status);
    }

    [Fact]
    public async Task Cancelling_what_has_not_shipped_gives_its_stock_and_money_back()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1", new LineQuantity(1, 3));

        var order = await shop.Cancel();

        Assert.Equal((OrderStatus.Shipped, "changed my mind"), (order.Status, order.Reason));
        Assert.Equal(["return"], order.AllowedMoves);
        Assert.Equal((7, 0, 10, 0), await shop.Shelf());
        Assert.Equal((0, 750, 0), await shop.Money());
    }

    [Fact]
    public async Task What_an_operator_moved_by_hand_is_neither_captured_nor_refunded_twice()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("by_hand", 1000), shop.Call()));

        await shop.Ship("shp_1", new LineQuantity(1, 3));
        Assert.Equal((Shop.Total - 1000, 1000, 0), await shop.Money());
        await shop.Ship("shp_2");
        Assert.Equal((0, Shop.Total, 0), await shop.Money());

        Shop.Accepted(await shop.Payment.Refund(new RefundPayment("sorry", 100), shop.Call()));
        var order = await shop.Return("ret_1");
        Assert.Equal(RefundedTo.PaymentMethod, order.Returns[0].RefundedTo);
        Assert.Equal((0, Shop.Total, Shop.Total), await shop.Money());
    }

    [Fact]
    public async Task What_was_captured_by_hand_for_what_does_not_ship_goes_back_when_the_order_closes()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("by_hand", Shop.Total), shop.Call()));
        await shop.Ship("shp_1", new LineQuantity(1, 1));
        var shipped = (await shop.Order.Get())!.Shipments[0].Amount;

        Shop.Accepted(await shop.Order.Cancel(new CancelOrder("changed their mind"), shop.Call()));
        var order = await shop.Settled();

        Assert.Equal(OrderStatus.Shipped, order.Status);
        Assert.Equal((0, Shop.Total, Shop.Total - shipped), await shop.Money());
        var refund = Assert.Single((await shop.Payment.Get())!.Movements, m => m.Kind == PaymentOperation.Refund);
        Assert.Equal(Shop.Total - shipped, refund.Amount);
    }

    [Fact]
    public async Task While_the_provider_is_away_the_order_waits_visibly_and_goes_on_by_itself()
    {
        await using var shop = await Shop.Open();
        shop.Sandbox.Outage = true;
        Shop.Accepted(await shop.Order.Place(Shop.Command(), shop.Call()));

        await shop.Until(o => o.Waiting?.Contains("sandbox") == true, "it says what it waits for");
        var waiting = (await shop.Order.Get())!;
        Assert.Equal((OrderStatus.Held, false), (waiting.Status, waiting.Settled));

        shop.Sandbox.Outage = false;
        var order = await shop.Settled();
        Assert.Equal((OrderStatus.Confirmed, null), (order.Status, order.Waiting));
    }

    [Fact]
    public async Task An_order_not_authorized_within_a_day_fails_and_closes_after_the_outage()
    {
        await using var shop = await Shop.Open();
        shop.Sandbox.Outage = true;
        Shop.Accepted(await shop.Order.Place(Shop.Command(), shop.Call()));

        await shop.Until(o => o.Status == OrderStatus.Closing, "it gives up", TimeSpan.FromHours(25));
        shop.Sandbox.Outage = false;
        var order = await shop.Settled();

        Assert.Equal((OrderStatus.Rejected, "The payment was not authorized within 24 hours."), (order.Status, order.Reason));
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task A_cancellation_does_not_wait_for_the_provider_to_turn_the_order_around()
    {
        await using var shop = await Shop.Open();
        shop.Sandbox.Outage = true;
        Shop.Accepted(await shop.Order.Place(Shop.Command(), shop.Call()));
        await shop.Until(o => o.Waiting is not null, "it waits");

        Shop.Accepted(await shop.Order.Cancel(new CancelOrder("too slow"), shop.Call()));
        await shop.Clock.Until(
            async () => await shop.Shelf() == (10, 0, 10, 0), "its stock is free before its alarm rings", within: TimeSpan.FromSeconds(8));

        shop.Sandbox.Outage = false;
        Assert.Equal(OrderStatus.Cancelled, (await shop.Settled()).Status);
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task Expired_holds_and_an_expired_authorization_close_an_order_that_is_not_shipped()
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        await shop.Ship("shp_1", new LineQuantity(2, 1));

        shop.Clock.Advance(OrderToCash.HeldFor);
        await shop.Until(o => o is { Status: OrderStatus.Shipped, Settled: true }, "it lapses");

        var order = (await shop.Order.Get())!;
        Assert.Contains("expired before everything had shipped", order.Reason);
        Assert.Equal([3, 1, 4, 1], order.Lines.Select(l => l.Cancelled));
        await shop.NothingIsLeftHeld();
        Assert.Equal((0, 250, 0), await shop.Money());
    }

    [Fact]
    public async Task A_refused_void_is_repeated_ever_less_often_until_the_authorization_expires()
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.VoidDeclined);
        Shop.Accepted(await shop.Order.Cancel(new CancelOrder("changed my mind"), shop.Call()));
        await shop.Until(o => o.Waiting?.Contains("The bank does not let go of the money.") == true, "it says what it waits for");
        Assert.Equal((10, 0, 10, 0), await shop.Shelf());

        var (order, payment) = ((await shop.Order.Get())!.Version, (await shop.Payment.Get())!.Version);
        var tomorrow = shop.Clock.Now.AddDays(1);
        await shop.Clock.Until(
            () => Task.FromResult(shop.Clock.Now >= tomorrow), "a day passes", TimeSpan.FromMinutes(2), TimeSpan.FromDays(2));

        Assert.Equal((OrderStatus.Closing, order), ((await shop.Order.Get())!.Status, (await shop.Order.Get())!.Version));
        // Requested and refused: a dozen times in the first hours, then every one to two hours.
        var facts = (await shop.Payment.Get())!.Version - payment;
        Assert.InRange(facts, 20, 2 * (7 + 24));

        shop.Clock.Advance(OrderToCash.HeldFor - TimeSpan.FromDays(2)); // no operator intervenes
        await shop.Until(o => o.Settled, "it closes", TimeSpan.FromDays(2));
        Assert.Equal(OrderStatus.Cancelled, (await shop.Order.Get())!.Status);
        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task A_repeated_placing_gets_the_first_answer_whatever_has_changed_since()
    {
        await using var shop = await Shop.Open();
        var command = Shop.Command(null, new PlaceLine("A", 3, 199));
        var first = Shop.Accepted(await shop.Order.Place(command, shop.Call("place")));
        await shop.Settled();
        Shop.Accepted(await shop.Entities.Get<IProduct>("A").Withdraw(shop.Call()));
        var again = shop.Call("place") with { Caller = new Caller("shop", [], Reach.Everything) };

        Assert.Equal(first, Shop.Accepted(await shop.Order.Place(command, again)));
        Assert.Equal("order_exists", (await shop.Order.Place(command, shop.Call("another"))).Refusal!.Code);
    }

    [Fact]
    public async Task A_hold_that_arrives_after_the_order_was_closed_has_no_effect()
    {
        await using var shop = await Shop.Open();
        shop.Store("Inventory").TakeAway(); // the order requests its hold, without an effect
        Shop.Accepted(await shop.Order.Place(Shop.Command(null, new PlaceLine("A", 3)), shop.Call()));
        Shop.Accepted(await shop.Order.Cancel(new CancelOrder("at once"), shop.Call()));
        shop.Store("Inventory").BringBack();
        Assert.Equal(OrderStatus.Cancelled, (await shop.Settled()).Status);

        await shop.Stock("A").Hold(new HoldStock("ord_1/1", 3), shop.Call("ord_1/hold/1"));

        await shop.NothingIsLeftHeld();
    }

    [Fact]
    public async Task A_credit_note_puts_its_goods_back_and_only_once()
    {
        await using var shop = await Shop.Open();
        var note = shop.Entities.Get<ICreditNote>("crn_1");
        var command = new IssueCreditNote(null, "GBP", [new("A", 2, 1.25m, Restock: true), new("SVC", 1, 50)], "sent back");

        var issued = Shop.Accepted(await note.Issue(command, shop.Call("issue")));
        await shop.Clock.Until(async () => (await note.Get())!.Status == CreditNoteStatus.Completed, "its goods are back");
        await shop.Crash();
        note = shop.Entities.Get<ICreditNote>("crn_1");

        Assert.Equal(new Money(52, "GBP"), issued.Total);
        Assert.Equal(issued.Version, Shop.Accepted(await note.Issue(command, shop.Call("issue"))).Version);
        Assert.Equal("credit_note_exists", (await note.Issue(command, shop.Call("again"))).Refusal!.Code);
        Assert.Equal((12, 0, 10, 0), await shop.Shelf());
    }

    [Fact]
    public async Task An_unknown_customer_cannot_order_or_be_credited()
    {
        await using var shop = await Shop.Open();
        var order = await shop.Order.Place(Shop.Command() with { CustomerId = "cus_9" }, shop.Call());
        var note = await shop.Entities.Get<ICreditNote>("crn_1").Issue(
            new IssueCreditNote("cus_9", "GBP", [new("A", 1, 1)], "why"), shop.Call());

        Assert.Equal(("unknown_customer", "unknown_customer"), (order.Refusal?.Code, note.Refusal?.Code));
        Assert.Null(await shop.Order.Get());
    }
}
