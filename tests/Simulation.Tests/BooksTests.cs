using Commerce.Catalogue;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;
using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>What the books see that are kept beside the product's own.</summary>
public sealed class BooksTests
{
    private static readonly Refusal Unknown = Refusals.Unknown("stock", "A", "Receive some.");

    [Fact]
    public void Money_that_is_asked_for_in_another_currency_is_refused_by_the_bank_and_seen()
    {
        var world = Calm();
        world.Bank.CarryOut(new(ProviderOperation.Authorize, "pay_1/authorize", null, new Money(500, "JPY")));
        Assert.IsType<ProviderResult.Approved>(world.Bank.CarryOut(new(ProviderOperation.Capture, "pay_1/a", "pay_1", new Money(200,
            "JPY"))));
        Assert.Null(world.Verdict.Violation);
        Assert.IsType<ProviderResult.Refused>(world.Bank.CarryOut(new(ProviderOperation.Capture, "pay_1/b", "pay_1", new Money(200,
            "GBP"))));
        Assert.Equal(MoneyInvariants.CurrencyRule, world.Verdict.Violation?.Rule);
        Assert.Equal(200, world.Bank.Of("pay_1")!.Captured);
    }

    [Fact]
    public void A_payment_that_is_recorded_in_another_currency_than_the_one_it_began_in_is_seen()
    {
        var world = Calm();
        world.Books.Money.Add("pay_1", new AuthorizationRequested("ord_1", new Money(500, "KWD"), "card", "bank", default));
        world.Books.Money.Add("pay_1", new AuthorizationExpired("ord_1", new Money(500, "KWD")));
        Assert.Null(world.Verdict.Violation);
        world.Books.Money.Add("pay_1", new AuthorizationExpired("ord_1", new Money(500, "GBP")));
        Assert.Equal(MoneyInvariants.CurrencyRule, world.Verdict.Violation?.Rule);
    }

    [Fact]
    public void A_line_at_the_price_of_another_currency_is_seen()
    {
        var world = Calm();
        Price[] prices = [.. SimulatedShop.Currencies.Select(c => new Price(c, SimulatedShop.PriceOf(SimulatedShop.Last, c)))];
        world.Books.Catalogue.Add(SimulatedShop.Last, new ProductCreated("Last", ProductKind.Goods, "standard", prices));
        world.Books.Orders.Add("ord_1", Placed("JPY", SimulatedShop.PriceOf(SimulatedShop.Last, "JPY")));
        Assert.Null(world.Verdict.Violation);
        world.Books.Orders.Add("ord_2", Placed("JPY", SimulatedShop.PriceOf(SimulatedShop.Last, "GBP")));
        Assert.Equal(CatalogueInvariants.PriceRule, world.Verdict.Violation?.Rule);
    }

    [Fact]
    public void A_line_at_a_price_that_is_no_longer_in_force_is_seen()
    {
        var world = Calm();
        var began = world.Clock.Now;
        world.Books.Catalogue.Add(SimulatedShop.Last, new ProductCreated("Last", ProductKind.Goods, "standard", [new Price("JPY", 5)]));
        world.Books.Catalogue.Add(SimulatedShop.Last, new PriceSet(new Price("JPY", 6)));
        world.Books.Orders.Add("ord_1", Placed("JPY", 5, began));
        Assert.Null(world.Verdict.Violation);
        world.Books.Orders.Add("ord_2", Placed("JPY", 5, began + TimeSpan.FromMinutes(4)));
        Assert.Equal("an order is at prices of the last minutes", world.Verdict.Violation?.Rule);
    }

    [Fact]
    public void A_run_moves_money_in_three_currencies_and_what_is_accepted_in_it_is_known()
    {
        Run.Of(new RunPlan(7), keepTrace: false, out var world);
        Assert.Equal(
            SimulatedShop.Currencies, world.Bank.Authorizations.Where(a => a.Captured > 0).Select(a => a.Currency).Distinct().Order());
        Assert.Equal(SimulatedShop.Currencies, world.Books.Ledger.Balances.Keys.Select(a => a.Currency).Distinct().Order());
        Assert.NotEmpty(world.Books.Accepted.Shipments);
        Assert.NotEmpty(world.Books.Accepted.Returns);
        Assert.NotEmpty(world.Books.Accepted.Moves);
        Assert.All(world.Books.Stock.Shelves, s => Assert.Equal(world.Books.Accepted.Units(s.Key), s.Value.Received));
    }

    [Fact]
    public void An_accepted_operation_is_not_refused_later_as_unknown() =>
        Assert.Equal("one answer per operation", Broken(async requests =>
        {
            await requests.Insist("stock/A", "receive", (e, call) => e.Get<IStock>("A").Receive(new ReceiveStock(1), call));
            await requests.Insist<StockLevel>("stock/A", "receive", (_, _) => Task.FromResult<Result<StockLevel>>(Unknown));
        }));

    [Fact]
    public void What_was_there_before_a_read_is_found() =>
        Assert.Equal("what was there before somebody asked is found", Broken(async requests =>
        {
            await requests.Insist("stock/A", "receive", (e, call) => e.Get<IStock>("A").Receive(new ReceiveStock(1), call));
            await requests.Insist<StockLevel>("stock/A", "count", (_, _) => Task.FromResult<Result<StockLevel>>(Unknown));
        }));

    [Fact]
    public void What_came_only_after_a_read_need_not_be_found() => Assert.Null(Broken(async requests =>
    {
        await requests.Insist<StockLevel>("stock/A", "count", async (e, call) =>
        {
            await e.Get<IStock>("A").Receive(new ReceiveStock(1), call);
            return Unknown;
        });
        await requests.Insist("stock/A", "count", (e, call) => e.Get<IStock>("A").Receive(new ReceiveStock(1), call));
    }));

    private static SimulationContext Calm() => new(1, Enum.GetValues<FaultKind>(), keepTrace: false);

    private static OrderPlaced Placed(string currency, decimal price, DateTimeOffset placedAt = default) => new(
        OrderStatus.Placed, null, null, new Money(1, currency),
        [new OrderLine(1, SimulatedShop.Last, "Last", ProductKind.Goods, 1, price, 1, 1)],
        null, null, "card", null, placedAt, placedAt);

    // The rule that is broken by these requests, in a world where nothing goes wrong; null: none.
    private static string? Broken(Func<RetryingClient, Task> asks)
    {
        var world = Calm();
        world.Begin();
        var asked = world.Outside.Start(() => asks(new RetryingClient(world)));
        world.Thread.Run(() => asked.IsCompleted || world.Verdict.Violation is not null, world.Clock.Step);
        if (asked.IsCompleted) asked.GetAwaiter().GetResult();
        return world.Verdict.Violation?.Rule;
    }
}
