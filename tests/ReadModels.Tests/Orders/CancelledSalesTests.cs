using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.ReadModels.Tests;

/// <summary>Orders that are cancelled after their confirmation, decided by the rules of orders.</summary>
public sealed class CancelledSalesTests(CancelledSalesTests.Filled shop) : IClassFixture<CancelledSalesTests.Filled>
{
    private OrderQueries Queries => new(shop.Database("Orders"), shop.Databases.Personal("Orders"));

    private static readonly DateOnly First = DateOnly.FromDateTime(Shop.Day1.UtcDateTime);

    [Fact]
    public async Task Once_all_orders_are_finished_the_days_gross_is_what_has_shipped_of_them()
    {
        var day = Assert.Single(await Queries.SalesByDay(ZoneCalendar.Utc, First, First, default));

        Assert.Equal(new SalesDay(First, "GBP", 2, 3, 6, shop.Shipped, 0, 0), day);
        Assert.Equal(10 + 7 + 500, day.Gross);
    }

    [Fact]
    public async Task An_order_that_was_never_confirmed_makes_no_day_of_trade() =>
        Assert.Empty(await Queries.SalesByDay(ZoneCalendar.Utc, First.AddDays(1), null, default));

    public sealed class Filled : Shop
    {
        /// <summary>What the ledger's sales account gets.</summary>
        public long Shipped { get; private set; }

        protected override async Task Fill()
        {
            await Order("ord_all", Day1, true, s => OrderRules.Ship("ord_all", s, new ShipOrder("shp_1", null), Day1));
            await Order(
                "ord_part", Day1, true, s => OrderRules.Ship("ord_part", s, new ShipOrder("shp_1", [new(1, 2)]), Day1),
                s => OrderRules.Cancel("ord_part", s, new CancelOrder("changed my mind")));
            await CatchUp();
            await Order("ord_none", Day1, true, s => OrderRules.Cancel("ord_none", s, new CancelOrder("changed my mind")));
            await Order("ord_early", Day1.AddDays(1), false, s => OrderRules.Cancel("ord_early", s, new CancelOrder("changed my mind")));
            await CatchUp();
        }

        // 3 units at 3.33 (total 10) and 1 at 500: two of the three are worth 7.
        private async Task Order(string id, DateTimeOffset at, bool confirm, params Func<OrderState, Decision<OrderFact>>[] commands)
        {
            OrderLine[] lines =
            [
                new(1, "SKU 1", "Red thing", ProductKind.Goods, 3, 3.33m, 10, 1),
                new(2, "SKU 2", "Blue thing", ProductKind.Goods, 1, 500, 500, 1),
            ];
            var state = OrderState.Initial;
            await Record(new OrderPlaced(OrderStatus.Placed, null, null, new Money(510, "GBP"), lines, null, null, "pm", null, at, at));
            if (confirm) await Decided(OrderRules.Confirmed(state, "pay_1"));

            foreach (var command in commands)
            {
                await Decided(command(state));
                while (OrderToCash.Next(state) is { } step)
                    await Decided(step is OrderStep.Release
                        ? OrderRules.Closed(state, [])
                        : OrderRules.Shipped(state, state.PendingShipment!.Id, Paid));
            }

            async Task Decided(Decision<OrderFact> decision)
            {
                Assert.Null(decision.Refusal);
                foreach (var fact in decision.Facts) await Record(fact);
            }

            async Task Record(OrderFact fact)
            {
                state = OrderRules.Evolve(state, fact);
                if (fact is ShipmentCompleted shipped) Shipped += shipped.Amount.Minor;
                await Happened("order", id, fact);
            }
        }
    }
}
