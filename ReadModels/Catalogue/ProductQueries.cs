using Commerce.Catalogue;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all products, from the read model in the capability's database.</summary>
public sealed class ProductQueries(NpgsqlDataSource catalogue) : IProductQueries
{
    private static readonly KeysetList<ProductView> Products = new(
        "products", $"select state, version, sku from {ProductModel.Instance.Schema}.products",
        ["sku"], [typeof(string)], descending: false, View);

    private readonly ReadModelReader _reader = new(ProductModel.Instance, catalogue);

    public Task<Page<ProductView>> List(string? search, ProductStatus? status, PageRequest page, CancellationToken cancel) =>
        Products.Page(
            _reader, page, [Matches(search), Condition.If("status = {0}", status is { } wanted ? EnumWords.Of(wanted) : null)], cancel);

    private static Condition? Matches(string? search)
    {
        if (string.IsNullOrWhiteSpace(search)) return null;
        var start = search.Trim().ToLowerInvariant();
        const string sku = "lower(sku) collate \"C\" >= {0} and lower(sku) collate \"C\" < {1}";
        return SearchWords.Query(search) is { } words
            ? new Condition($"{sku} or words @@ {{2}}::tsquery", start, SearchWords.EndOf(start), words)
            : new Condition(sku, start, SearchWords.EndOf(start));
    }

    private static ProductView View(NpgsqlDataReader row)
    {
        var (key, version, state) = ProductModel.Of(row);
        return ProductRules.View(key, state, version);
    }
}
