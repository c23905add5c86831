using Commerce.Domain.Tests.Payments;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Commerce.Providers;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>Cancellations, crashes and lost answers at every moment of an order's life.</summary>
public sealed class OrderInterruptionTests
{
    private const long Total = (9 * 250) + 100;

    public static TheoryData<int> Moments => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Whenever_it_is_cancelled_nothing_is_left_held(int commits)
    {
        await using var shop = await Shop.Open();
        await After(shop, commits, async () =>
        {
            await shop.Order.Place(Shop.Command(), shop.Call("place"));
            await shop.Order.Ship(new ShipOrder("shp_1", [new(1, 1)]), shop.Call());
        });
        await shop.Order.Ship(new ShipOrder("shp_2", [new(2, 1), new(4, 1)]), shop.Call());
        Shop.Accepted(await shop.Order.Cancel(new CancelOrder("stop"), shop.Call()));

        await Consistent(shop);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Whenever_the_process_dies_the_order_goes_on_as_if_it_had_not(int commits)
    {
        await using var shop = await Shop.Open();
        await After(shop, commits, () => shop.Order.Place(Shop.Command(), shop.Call("place")));
        await shop.Crash();
        Assert.Equal(OrderStatus.Confirmed, (await shop.Settled()).Status);

        await After(shop, commits, () => shop.Order.Ship(new ShipOrder("shp_1"), shop.Call("ship")));
        await shop.Crash();
        Assert.Equal(OrderStatus.Shipped, (await shop.Settled()).Status);
        Assert.Equal((5, 0, 6, 0), await shop.Shelf());
        Assert.Equal((0, Total, 0), await shop.Money());

        await After(shop, commits, () => shop.Order.Return(new ReturnItems("ret_1", null, "why", Received: true), shop.Call("return")));
        await shop.Crash();
        await shop.Settled();
        Assert.Equal((10, 0, 10, 0), await shop.Shelf());
        Assert.Equal((0, Total, Total), await shop.Money());
        Assert.Equal(3, shop.Sandbox.Movements.Count);
        Assert.Empty(shop.Problems);
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Whenever_the_process_dies_while_giving_back_everything_is_given_back_once(int commits)
    {
        await using var shop = await Shop.Open();
        await shop.Place(SandboxMethods.CaptureDeclined);
        await After(shop, commits, () => shop.Order.Ship(new ShipOrder("shp_1"), shop.Call("ship")));
        await shop.Crash();

        var order = await shop.Settled();
        Assert.Equal((OrderStatus.Confirmed, ShipmentStatus.Failed), (order.Status, order.Shipments[0].Status));
        Assert.Equal((10, 5, 10, 4), await shop.Shelf());
        await shop.Cancel();
        Assert.Equal((10, 0, 10, 0), await shop.Shelf());
        await Consistent(shop);
    }

    [Fact]
    public async Task What_ships_after_all_was_not_put_back_although_its_money_was_refused_before()
    {
        Shop? open = null;
        await using var shop = await Shop.Open(sandbox => new Line(sandbox, reference =>
        {
            if (!reference.EndsWith("capture/shp_1", StringComparison.Ordinal)) return null;
            open!.Store("Orders").TakeAway(); // that the shipment is given up cannot be recorded
            return new ProviderResult.Refused("declined", "Not today.");
        }));
        open = shop;
        await shop.Place();
        Shop.Accepted(await shop.Order.Ship(new ShipOrder("shp_1"), shop.Call()));
        await shop.Clock.Until(
            async () => (await shop.Payment.Get())!.Movements is [{ Status: PaymentOperationStatus.Refused }], "the capture is refused");
        var rounds = 0;
        await shop.Clock.Until(() => Task.FromResult(++rounds > 9), "the step has done what it can");
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("by_hand", null), shop.Call()));
        await shop.Clock.Until(async () => (await shop.Payment.Get())!.Captured == Total, "the money is there");
        shop.Store("Orders").BringBack();

        Assert.Equal(OrderStatus.Shipped, (await shop.Settled()).Status);
        Assert.Equal((5, 0, 6, 0), await shop.Shelf());
        Assert.Equal((0, Total, 0), await shop.Money());
    }

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Whenever_the_process_dies_what_two_payments_took_goes_back_to_both(int commits)
    {
        await using var shop = await Shop.Open();
        await shop.Place();
        Shop.Accepted(await shop.Payment.Capture(new CapturePayment("cap_1", 1_500), shop.Call()));
        await shop.Until(o => o.Captures.Count == 1, "the first capture is noted");
        Shop.Accepted(await shop.Order.Pay(new PayOrder("pay_2", SandboxMethods.Slow.Name), shop.Call()));
        await shop.Settled();
        Shop.Accepted(await Second().Capture(new CapturePayment("cap_2", null), shop.Call()));
        await shop.Until(o => o.Captures.Count == 2, "the second capture is noted");

        await After(shop, commits, () => shop.Order.Cancel(new CancelOrder("stop"), shop.Call("cancel")));
        await shop.Crash();

        Assert.Equal(OrderStatus.Cancelled, (await shop.Settled()).Status);
        Assert.Equal((0, 1_500, 1_500), await shop.Money());
        Assert.Equal((Total - 1_500, Total - 1_500), await Second().Get() is { } p ? (p.Captured, p.Refunded) : default);

        IPayment Second() => shop.Entities.Get<IPayment>("pay_2");
    }

    [Theory]
    [InlineData("Orders")]
    [InlineData("Inventory")]
    [InlineData("Payments")]
    public async Task Answers_that_the_journal_loses_change_nothing(string capability)
    {
        await using var shop = await Shop.Open();
        for (var append = 0; append < 16; append += 4)
        {
            shop.Store(capability).CommitNextAndLoseAnswer(append);
            shop.Store(capability).LoseNext(append + 1);
            shop.Store(capability).RefuseNext(append + 3);
        }

        // After an unavailable answer the caller retries under the same operation id, as the gateway's callers do.
        await Insist(shop, () => shop.Order.Place(Shop.Command(), shop.Call("place")));
        await shop.Settled();
        await Insist(shop, () => shop.Order.Ship(new ShipOrder("shp_1", [new(3, 4)]), shop.Call("ship")));
        await shop.Settled();
        await Insist(shop, () => shop.Order.Cancel(new CancelOrder("stop"), shop.Call("cancel")));

        Assert.Equal(OrderStatus.Shipped, (await Consistent(shop)).Status);
        Assert.Equal((10, 0, 6, 0), await shop.Shelf());
    }

    // Runs it until this many further appends are committed, or until it settles: a different moment for each number.
    private static async Task After(Shop shop, int commits, Func<Task> begin)
    {
        string[] names = ["Orders", "Inventory", "Payments", "Ledger"];
        var until = names.Sum(n => shop.Store(n).Commits) + commits;
        await begin();
        await shop.Clock.Until(
            async () => names.Sum(n => shop.Store(n).Commits) >= until || (await shop.Order.Get())!.Settled, $"{commits} appends");
    }

    private static async Task Insist(Shop shop, Func<Task<Result<OrderAnswer>>> ask)
    {
        while (true)
        {
            try
            {
                Shop.Accepted(await ask());
                return;
            }
            catch (Exception lost) when (lost is UnavailableException or OutcomeUnknownException)
            {
                shop.Clock.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    // The order has ended; stock, payment, sandbox and order agree; nothing is held for it any more.
    private static async Task<OrderView> Consistent(Shop shop)
    {
        var order = await shop.Settled();
        await shop.NothingIsLeftHeld();
        Assert.All(order.Lines, l => Assert.Equal(l.Quantity, l.Shipped + l.Cancelled));
        var (a, _, b, _) = await shop.Shelf();
        Assert.Equal((10 - order.Lines[0].Shipped - order.Lines[1].Shipped, 10 - order.Lines[2].Shipped), (a, b));
        var charged = order.Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount);
        Assert.Equal((0, charged, 0), await shop.Money());
        var moved = shop.Sandbox.Movements.ToLookup(m => m.Kind, m => m.Amount.Minor);
        Assert.Equal(charged, moved[ProviderOperation.Capture].Sum());
        Assert.Equal(moved[ProviderOperation.Authorize].Sum(), charged + moved[ProviderOperation.Void].Sum());
        return order;
    }
}
