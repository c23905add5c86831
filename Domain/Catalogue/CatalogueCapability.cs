using Commerce.Kernel;

namespace Commerce.Catalogue;

/// <summary>Catalogue: what is sold, and at which price.</summary>
public static class CatalogueCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<ProductCreated>("product-created")
        .Add<ProductRevised>("product-revised")
        .Add<PriceSet>("price-set")
        .Add<ProductWithdrawn>("product-withdrawn")
        .Add<ProductReinstated>("product-reinstated");

    public static readonly Capability Definition = new(
        "Catalogue", [EntityKind.Of<IProduct>("product", context => new Product(context)) with { Replicated = true }], Facts, []);
}
