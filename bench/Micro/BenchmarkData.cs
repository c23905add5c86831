using Commerce.Catalogue;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using Commerce.Payments;

namespace Commerce.Micro;

/// <summary>What the benchmarks work on: the bench's own order of three lines.</summary>
internal static class BenchmarkData
{
    public const string OrderId = "ord_1";

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Caller Shop = new("shop", ["*"], Reach.Everything);

    public static readonly PlaceOrder Placing = new(
        null, new GuestContact("Ada Lovelace", null), "GBP", [new("SKU-001", 1), new("SKU-102", 2), new("SKU-203", 3)],
        PaymentMethod: "pm_sandbox_ok");

    public static readonly IReadOnlyDictionary<string, ProductView?> Products = Placing.Lines.ToDictionary(
        line => line.Sku,
        line => (ProductView?)new ProductView(
            line.Sku, $"Name of {line.Sku}", ProductKind.Goods, "standard", ProductStatus.Active, [new Price("GBP", 250)], 1));

    /// <summary>Every fact of an order from placed to cash, as its rules make them.</summary>
    public static IReadOnlyList<OrderFact> Life { get; } = Live();

    /// <summary>The capability of stock by itself, without what it reacts to.</summary>
    public static readonly Capability Stock = new(
        "Inventory", InventoryCapability.Definition.Kinds, InventoryCapability.Definition.Facts, []);

    private static List<OrderFact> Live()
    {
        var placed = OrderRules.Place(OrderId, OrderState.Initial, Placing, Products, null, Noon).Facts[0];
        var facts = new List<OrderFact>();
        var state = OrderState.Initial;
        Add(placed);
        Add(OrderRules.Confirmed(state, "pay_1").Facts[0]);
        Add(OrderRules.Ship(OrderId, state, new ShipOrder("shp_1"), Noon).Facts[0]);
        Add(OrderRules.Shipped(state, "shp_1", [Paid(state.Total.Minor)]).Facts[0]);
        return state.Status == OrderStatus.Shipped
            ? facts
            : throw new InvalidOperationException($"The order of the benchmarks ends as {state.Status}, not shipped.");

        static PaymentView Paid(long amount) =>
            new("pay_1", OrderId, "sandbox", PaymentStatus.Captured, true, null, null, "GBP", amount, 0, amount, 0, [], 1);

        void Add(OrderFact fact)
        {
            state = OrderRules.Evolve(state, fact);
            facts.Add(fact);
        }
    }
}
