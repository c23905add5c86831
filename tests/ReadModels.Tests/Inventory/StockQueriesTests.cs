using Commerce.Inventory;
using Commerce.Kernel;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class StockQueriesTests(StockQueriesTests.Filled shop) : IClassFixture<StockQueriesTests.Filled>
{
    private StockQueries Stock => new(shop.Database("Inventory"));

    [Fact]
    public async Task Levels_are_listed_by_SKU_as_the_rules_make_them() => Assert.Equal(
        [new StockLevel("A", 12, 1, false, 6), new StockLevel("B", 5, 0, true, 3), new StockLevel("C", 7, 0, false, 1)],
        await Shop.Walk(2, page => Stock.List(page, default)));

    [Fact]
    public async Task Movements_are_what_changed_units_on_hand_the_oldest_first() => Assert.Equal(
        [
            new StockMovement("A", MovementKind.Receipt, 10, null, "dn-1", Shop.Day1, 1),
            new StockMovement("B", MovementKind.Receipt, 9, null, null, Shop.Day1, 1),
            new StockMovement("B", MovementKind.Adjustment, -4, "damage", "st-1", Shop.Day1.AddHours(1), 2),
            new StockMovement("A", MovementKind.Shipment, -3, null, "ord_1/1", Shop.Day1.AddHours(2), 3),
            new StockMovement("A", MovementKind.Return, 5, null, "ord_1", Shop.Day1.AddDays(1), 5),
            new StockMovement("C", MovementKind.Receipt, 7, null, null, Shop.Day1.AddDays(2), 1),
        ],
        await Movements());

    [Fact]
    public async Task Movements_are_filtered_by_SKU_kind_and_time()
    {
        Assert.Equal(3, (await Movements(sku: "A")).Count);
        Assert.Equal(3, (await Movements(kind: MovementKind.Receipt)).Count);
        Assert.Equal([-4L], (await Movements("B", MovementKind.Adjustment)).Select(m => m.Units));
        Assert.Empty(await Movements("a"));
        Assert.Equal([-4L, -3L, 5L], (await Movements(from: Shop.Day1.AddHours(1), to: Shop.Day1.AddDays(2))).Select(m => m.Units));
        var abroad = Shop.Day1.AddDays(2).ToOffset(TimeSpan.FromHours(5));
        Assert.Equal([7L], (await Movements(from: abroad)).Select(m => m.Units));
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        var cursor = (await Stock.List(new PageRequest(1), default)).Next;
        var problem = await Assert.ThrowsAsync<BadCursorException>(() =>
            Stock.Movements(null, null, null, null, new PageRequest(1, cursor), default));
        Assert.Equal(cursor, problem.Cursor);
    }

    private Task<List<StockMovement>> Movements(
        string? sku = null, MovementKind? kind = null, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        Shop.Walk(2, page => Stock.Movements(sku, kind, from, to, page, default));

    public sealed class Filled : Shop
    {
        protected override async Task Fill()
        {
            await Happened("stock", "A", new StockReceived(10, "dn-1", Day1), new StockHeld("ord_1/1", 5, null));
            await Happened("stock", "B", new StockReceived(9, null, Day1.ToOffset(TimeSpan.FromHours(-3))));
            await CatchUp();
            await Happened("stock", "B", new StockAdjusted(-4, "damage", "st-1", Day1.AddHours(1)), new BackorderAllowed(true));
            await Happened("stock", "A", new HoldPosted("ord_1/1", 3, Day1.AddHours(2)), new HoldVoided("ord_1/1", 2));
            await Happened("stock", "A", new StockReturned(5, "ord_1", Day1.AddDays(1)), new StockHeld("ord_2/1", 1, Day1.AddDays(9)));
            await Happened("stock", "C", new StockReceived(7, null, Day1.AddDays(2)));
            await CatchUp();
        }
    }
}
