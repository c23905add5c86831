using Commerce.Catalogue;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Lists over all products, from the read model in the capability's database.</summary>
public sealed class ProductQueries(NpgsqlDataSource catalogue) : IProductQueries
{
    private static readonly KeysetList<ProductView> Products = new(
        "products", $"select state, version, sku from {ProductModel.Instance.Schema}.products",
        ["sku"], [typeof(string)], descending: false, Visibility.Common, View);

    private readonly ReadModelReader _reader = new(ProductModel.Instance, catalogue);

    public Task<Page<ProductView>> List(string? search, ProductStatus? status, PageRequest page, CancellationToken cancel) =>
        Products.Page(
            _reader, Reach.Everything, page,
            [Matches(search), Condition.If("status = {0}", status is { } wanted ? EnumWords.Of(wanted) : null)], cancel);

    private static Condition? Matches(string? search)
    {
        if (string.IsNullOrWhiteSpace(search)) return null;
        var start = search.Trim().ToLowerInvariant();
        var sku = new Condition("lower(sku) collate \"C\" >= {0} and lower(sku) collate \"C\" < {1}", start, SearchWords.EndOf(start));
        return SearchWords.Find(ProductModel.Instance.Schema, "folded_name", search) is { } named ? sku.Or(named) : sku;
    }

    private static ProductView View(NpgsqlDataReader row)
    {
        var (key, version, state) = ProductModel.Of(row);
        return ProductRules.View(key, state, version);
    }
}
