using Commerce.Kernel;

namespace Commerce.Inventory;

/// <summary>Inventory: how many of what, and for whom.</summary>
public static class InventoryCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<StockReceived>("stock-received")
        .Add<StockAdjusted>("stock-adjusted")
        .Add<StockHeld>("stock-held")
        .Add<HoldPosted>("hold-posted")
        .Add<HoldUnposted>("hold-unposted")
        .Add<HoldVoided>("hold-voided")
        .Add<HoldExpired>("hold-expired")
        .Add<StockReturned>("stock-returned")
        .Add<BackorderAllowed>("backorder-allowed");

    public static readonly Capability Definition = new(
        "Inventory", [EntityKind.Of<IStock>("stock", context => new Stock(context))], Facts, []);
}
