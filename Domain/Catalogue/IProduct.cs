using Commerce.Kernel;

namespace Commerce.Catalogue;

/// <summary>A product: what is sold under one SKU. The entity's key is the SKU.</summary>
public interface IProduct : IEntity
{
    /// <summary>Creates it. Refused: <c>product_exists</c>, <c>invalid_*</c>.</summary>
    Task<Result<ProductView>> Create(CreateProduct command, CallContext call);

    /// <summary>Changes name or tax category. Refused: <c>unknown_product</c>.</summary>
    Task<Result<ProductView>> Revise(ReviseProduct command, CallContext call);

    /// <summary>Sets the price in one currency from an instant on. Refused: <c>unknown_product</c>, <c>invalid_price</c>.</summary>
    Task<Result<ProductView>> SetPrice(Price command, CallContext call);

    /// <summary>Takes it off sale; orders placed before are not touched. Withdrawn already: accepted.</summary>
    Task<Result<ProductView>> Withdraw(CallContext call);

    /// <summary>Puts it back on sale. On sale already: accepted.</summary>
    Task<Result<ProductView>> Reinstate(CallContext call);

    /// <summary>The product, or null when there is none under this SKU.</summary>
    [Interleaved]
    Task<ProductView?> Get();
}

/// <summary>Goods have stock; a service (postage, a fee) has none.</summary>
public enum ProductKind
{
    /// <summary>Something on a shelf.</summary>
    Goods,

    /// <summary>Something without stock.</summary>
    Service,
}

/// <summary>Whether it can be ordered.</summary>
public enum ProductStatus
{
    Active,

    Withdrawn,
}

/// <summary>A unit price in one currency from an instant on; a later one in the same currency replaces it from its own instant.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="UnitPrice">Minor units, not negative, at most 6 decimals (finer than the minor unit is allowed).</param>
/// <param name="ValidFrom">From when; null: always.</param>
public sealed record Price(string Currency, decimal UnitPrice, DateTimeOffset? ValidFrom = null);

/// <summary>Creates a product.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Kind">Goods or service.</param>
/// <param name="TaxCategory">A word of the tax rules in use, <c>standard</c> when not given.</param>
/// <param name="Prices">May be empty: then an order must bring a negotiated price.</param>
public sealed record CreateProduct(string Name, ProductKind Kind, string? TaxCategory, IReadOnlyList<Price>? Prices);

/// <summary>Changes what is given; null leaves as it is.</summary>
public sealed record ReviseProduct(string? Name, string? TaxCategory);

/// <summary>A product as others see it.</summary>
/// <param name="Sku">Its SKU, case-sensitive.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Goods or service.</param>
/// <param name="TaxCategory">Its tax category.</param>
/// <param name="Status">Whether it can be ordered.</param>
/// <param name="Prices">By currency, then by <see cref="Price.ValidFrom"/>.</param>
/// <param name="Version">For If-Match.</param>
public sealed record ProductView(
    string Sku,
    string Name,
    ProductKind Kind,
    string TaxCategory,
    ProductStatus Status,
    IReadOnlyList<Price> Prices,
    long Version) : IVersioned
{
    /// <summary>The unit price in force at an instant, or null when there is none in that currency.</summary>
    public decimal? PriceAt(string currency, DateTimeOffset at) => Prices
        .Where(p => p.Currency == currency && (p.ValidFrom is null || p.ValidFrom <= at))
        .OrderBy(p => p.ValidFrom ?? DateTimeOffset.MinValue)
        .LastOrDefault()?.UnitPrice;
}

/// <summary>Lists over all products; may lag behind by moments.</summary>
public interface IProductQueries : IQueries
{
    /// <summary>Products by SKU; <paramref name="search"/> matches the start of the SKU or of words of the name.</summary>
    Task<Page<ProductView>> List(string? search, ProductStatus? status, PageRequest page, CancellationToken cancel);
}
