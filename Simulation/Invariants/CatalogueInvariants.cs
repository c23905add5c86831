using Commerce.Catalogue;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Simulation;

/// <summary>The prices of products, version by version, by their facts alone.</summary>
internal sealed class CatalogueInvariants(SimulationContext world)
{
    public const string PriceRule = "an order is at the catalogue's prices";

    /// <summary>An entity's memory is trusted for a minute, a copy for half of one; the rest is for slow loads and wrong clocks.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(3);

    private readonly Dictionary<string, List<(DateTimeOffset From, Dictionary<string, decimal> Prices)>> _versions = [];

    public void Add(string sku, ProductFact fact)
    {
        if (!_versions.TryGetValue(sku, out var versions)) _versions[sku] = versions = [];
        var prices = versions.Count == 0 ? [] : new Dictionary<string, decimal>(versions[^1].Prices);
        IEnumerable<Price> set = fact switch
        {
            ProductCreated created => created.Prices,
            PriceSet one => [one.Price],
            _ => [],
        };
        foreach (var price in set) prices[price.Currency] = price.UnitPrice; // here they are always valid from the beginning
        versions.Add((world.Clock.Now, prices));
    }

    /// <summary>Each line is at the price of the version that it names, which was the newest one a moment ago.</summary>
    public void Ordered(string order, OrderPlaced placed)
    {
        foreach (var line in placed.Lines)
        {
            var versions = _versions.GetValueOrDefault(line.Sku) ?? [];
            if (line.ProductVersion < 1 || line.ProductVersion > versions.Count
                || versions[(int)line.ProductVersion - 1].Prices.GetValueOrDefault(placed.Total.Currency, -1) != line.UnitPrice)
                world.Verdict.Broken(PriceRule, $"{order} in {placed.Total.Currency}: {line}");
            else if (line.ProductVersion < versions.Count && versions[(int)line.ProductVersion].From < placed.PlacedAt - MaxAge)
                world.Verdict.Broken(
                    "an order is at prices of the last minutes",
                    $"{order} was placed at {placed.PlacedAt:O}; {line} is outdated since {versions[(int)line.ProductVersion].From:O}");
        }
    }
}
