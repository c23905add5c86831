using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.Domain.Tests.Orders;

/// <summary>What follows from an order names the caller that it followed from (decision 31).</summary>
public sealed class OrderCauseTests
{
    [Fact]
    public async Task Goods_money_and_bookings_name_the_caller_that_they_follow_from()
    {
        await using var shop = await Shop.Open();
        Shop.Accepted(await shop.Order.Place(Shop.Command(), By("ada")));
        await shop.Settled();
        Shop.Accepted(await shop.Order.Ship(new ShipOrder("shp_1", null), By("wim")));
        await shop.Settled();
        Shop.Accepted(await shop.Order.Return(new ReturnItems("ret_1", null, "unwanted"), By("ada")));
        Shop.Accepted(await shop.Order.ReceiveReturn(new ReceiveReturn("ret_1"), By("eve")));
        await shop.Settled();
        await shop.AllHandled();

        Assert.Equal(["ada", "ada"], [await Cause("Inventory", "stock-held"), await Cause("Payments", "payment-authorized")]);
        Assert.Equal(["wim", "wim"], [await Cause("Inventory", "hold-posted"), await Cause("Payments", "payment-captured")]);
        Assert.Equal(["eve", "eve"], [await Cause("Inventory", "stock-returned"), await Cause("Payments", "payment-refunded")]);
        Assert.Equal(["eve", "eve", "wim", "wim"], (await Facts("Ledger", "entry-posted")).Select(f => f.Cause!).Order());

        CallContext By(string caller) => shop.Call() with { Caller = new Caller(caller, ["*"], Reach.Everything) };

        async Task<string> Cause(string capability, string fact) =>
            (await Facts(capability, fact)).Select(f => f.Cause!).Distinct().Single();

        async Task<IReadOnlyList<RecordedFact>> Facts(string capability, string fact)
        {
            var log = shop.Store(capability);
            var read = await Task.WhenAll(Enumerable.Range(0, log.Partitions).Select(p => log.Read(p, 0, 999, null, default)));
            return [.. read.SelectMany(r => r.Facts).Where(f => f.Fact.Type.StartsWith(fact + "/", StringComparison.Ordinal))];
        }
    }
}
