using Commerce.Catalogue;
using Commerce.Customers;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;

namespace Commerce.Simulation;

/// <summary>What is sold, how much of it there is, and who the registered customers are.</summary>
internal sealed class SimulatedShop(RetryingClient requests, SimulationContext world)
{
    /// <summary>What people pay in: with two decimals, with none, with three. Everything has its price in each.</summary>
    public static readonly IReadOnlyList<string> Currencies = ["GBP", "JPY", "KWD"];

    /// <summary>The few SKUs in high demand.</summary>
    public static readonly IReadOnlyList<string> Hot = ["HOT-1", "HOT-2", "HOT-3"];

    /// <summary>A SKU with fewer units than shoppers who want it in the same moment.</summary>
    public const string Last = "LAST";

    public const string Postage = "POSTAGE";

    /// <summary>Something that costs nothing.</summary>
    public const string Free = "FREE";

    /// <summary>A SKU of which more is sold than there is; the rest comes later.</summary>
    public const string ToOrder = "TO-ORDER";

    private static readonly string[] Skus = [.. Hot, Last, Postage, Free, ToOrder];

    private readonly SeededRandom _dice = new(world.Seed, "shop");
    private readonly SeededRandom _prices = new(world.Seed, "prices");

    /// <summary>The customers' ids; fewer than were tried, where two wanted one e-mail address.</summary>
    public List<string> Customers { get; } = [];

    /// <summary>
    /// The first price of one unit, in the currency's minor units; no two things that cost something have the same in any two.
    /// </summary>
    public static decimal PriceOf(string sku, string currency) => sku == Free ? 0 : currency switch
    {
        "GBP" => 250 + (Array.IndexOf(Skus, sku) * 33.3333m),
        "JPY" => 460 + (Array.IndexOf(Skus, sku) * 61.2345m),
        _ => 980 + (Array.IndexOf(Skus, sku) * 130.004m),
    };

    /// <summary>Opens it: products, first stock, customers.</summary>
    public async Task Open()
    {
        foreach (var sku in Skus)
        {
            var kind = sku == Postage ? ProductKind.Service : ProductKind.Goods;
            Price[] prices = [.. Currencies.Select(c => new Price(c, PriceOf(sku, c)))];
            await requests.Insist(
                $"product/{sku}", "create",
                (e, call) => e.Get<IProduct>(sku).Create(new CreateProduct($"Product {sku}", kind, null, prices), call));
            if (sku == ToOrder)
                await requests.Insist(
                    $"stock/{sku}", "backorder", (e, call) => e.Get<IStock>(sku).AllowBackorder(new AllowBackorder(true), call));
            if (kind == ProductKind.Goods) await Receive(sku, "first", sku is Last or ToOrder ? _dice.Next(3, 9) : 60);
        }

        await Task.WhenAll(Enumerable.Range(0, 6).Select(Register));
    }

    /// <summary>Units of the wanted SKUs arrive from time to time, and now and then a count finds fewer.</summary>
    public async Task Replenish(TimeSpan time)
    {
        for (var n = 0; n < 12; n++)
        {
            await world.Delay(time / 13);
            var sku = _dice.OneOf(Hot);
            if (_dice.Chance(0.8)) await Receive(sku, $"{n}", _dice.Next(5, 40));
            else await Count(sku, n);
            if (_dice.Chance(0.5)) await Receive(ToOrder, $"{n}", _dice.Next(1, 9));
        }
    }

    /// <summary>Now and then something has another price in one currency.</summary>
    public async Task Reprice(TimeSpan time)
    {
        for (var n = 0; n < 20; n++)
        {
            await world.Delay(time / 21);
            var (sku, currency) = (_prices.OneOf(Skus), _prices.OneOf(Currencies));
            var price = new Price(currency, PriceOf(sku, currency) + (sku == Free ? 0 : 0.01m * (n + 1)));
            await requests.Insist($"product/{sku}", $"price-{n}", (e, call) => e.Get<IProduct>(sku).SetPrice(price, call));
        }
    }

    private async Task Receive(string sku, string delivery, long units)
    {
        var answer = await requests.Insist(
            $"stock/{sku}", $"receive-{delivery}", (e, call) => e.Get<IStock>(sku).Receive(new ReceiveStock(units, delivery), call));
        if (answer is { Accepted: true }) world.Books.Accepted.Came(sku, units);
    }

    private async Task Count(string sku, int n)
    {
        var change = -1 - (n % 3);
        var answer = await requests.Insist(
            $"stock/{sku}", $"count-{n}", (e, call) => e.Get<IStock>(sku).Adjust(new AdjustStock(change, "counted"), call));
        if (answer is { Accepted: true }) world.Books.Accepted.Came(sku, change);
    }

    // Pairs want the same address: one of each pair gets it.
    private async Task Register(int n)
    {
        var (id, email) = ($"cus_{n}", $"{(n % 2 == 0 ? "c" : "C")}{n / 2}@example.com");
        var answer = await requests.Insist(
            $"customer/{id}", "register",
            (e, call) => e.Get<ICustomer>(id).Register(new RegisterCustomer($"Customer {n}", email, null, null), call));
        if (answer?.Accepted == true) Customers.Add(id);
        else if (answer?.Refusal?.Code is not (null or "email_taken"))
            world.Verdict.Broken("customers can register", $"{id}: {answer.Refusal.Detail}");
    }
}
