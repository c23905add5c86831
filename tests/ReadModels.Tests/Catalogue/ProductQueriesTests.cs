using Commerce.Catalogue;
using Commerce.Kernel;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class ProductQueriesTests(ProductQueriesTests.Filled shop) : IClassFixture<ProductQueriesTests.Filled>
{
    private ProductQueries Products => new(shop.Database("Catalogue"));

    [Fact]
    public async Task Products_are_listed_by_SKU_as_they_stand()
    {
        var all = await Find(null);
        Assert.Equal(["71053", "85123A", "85123b", "CAFE", "GIFT 10", "POST"], all.Select(p => p.Sku));
        var revised = all.Single(p => p.Sku == "85123b");
        Assert.Equal(("CREAM CUPID HEARTS HOOK", 3L), (revised.Name, revised.Version));
        Assert.Equal([new Price("EUR", 3m), new Price("GBP", 2.55m)], revised.Prices);
        Assert.Equal(ProductKind.Service, all.Single(p => p.Sku == "POST").Kind);
    }

    [Theory]
    [InlineData(ProductStatus.Active, 5)]
    [InlineData(ProductStatus.Withdrawn, 1)]
    public async Task The_status_filters(ProductStatus status, int count) =>
        Assert.Equal(count, (await Find(null, status)).Count(p => p.Status == status));

    [Theory]
    [InlineData("heart", "85123A,85123b")]
    [InlineData("HEARTS", "85123b")]
    [InlineData("hea whi", "85123A")]
    [InlineData("t-light", "85123A")]
    [InlineData("60's", "71053")]
    [InlineData("hanger", "")]
    [InlineData("85123", "85123A,85123b")]
    [InlineData("85123B", "85123b")]
    [InlineData("gift 1", "GIFT 10")]
    [InlineData("star", "POST")]
    [InlineData("★STAR", "POST")]
    [InlineData("c 5°", "POST")]
    [InlineData("\u02bc", "")]
    [InlineData("émail", "CAFE")]
    [InlineData("ÉMAIL", "CAFE")]
    [InlineData("olding", "")]
    [InlineData(" ", "71053,85123A,85123b,CAFE,GIFT 10,POST")]
    public async Task Search_matches_starts_of_words_of_the_name_and_of_the_SKU(string search, string skus) =>
        Assert.Equal(skus, string.Join(',', (await Find(search)).Select(p => p.Sku)));

    [Theory]
    [InlineData("'")]
    [InlineData("''':*")]
    [InlineData("\\")]
    [InlineData("a & | ! <-> b")]
    [InlineData("(((")]
    [InlineData(":*")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("'; drop table products; --")]
    [InlineData("\0")]
    [InlineData("nul\0inside")]
    [InlineData("\uD83D")]
    [InlineData("$1 {0}")]
    [InlineData("😀")]
    public async Task Nothing_typed_is_read_as_an_operator(string search) => Assert.Empty(await Find(search));

    [Fact]
    public async Task A_very_long_search_finds_nothing_and_harms_nothing()
    {
        Assert.Empty(await Find(new string('x', 10_000)));
        Assert.Empty(await Find(string.Join(' ', Enumerable.Range(0, 2_000).Select(i => $"word{i}"))));
    }

    [Fact]
    public async Task Pages_of_a_search_follow_one_another() =>
        Assert.Equal(["85123A", "85123b"], (await Shop.Walk(1, page => Products.List("heart", null, page, default))).Select(p => p.Sku));

    private async Task<List<ProductView>> Find(string? search, ProductStatus? status = null) =>
        await Shop.Walk(2, page => Products.List(search, status, page, default));

    public sealed class Filled : Shop
    {
        protected override async Task Fill()
        {
            await Create("85123A", "WHITE HANGING HEART T-LIGHT HOLDER");
            await Create("85123b", "CREAM CUPID HEARTS COAT HANGER");
            await Create("71053", "WHITE METAL LANTERN 60'S");
            await Create("POST", "Postage ★Star 5°C", ProductKind.Service);
            await Create("GIFT 10", "Gift card 100% off & more | less");
            await Create("CAFE", "Tasse Émaillée rouge");
            await Happened("product", "71053", new ProductWithdrawn());
            await Happened("product", "85123b", new ProductRevised("CREAM CUPID HEARTS HOOK", null), new PriceSet(new Price("EUR", 3m)));
            await CatchUp();
        }

        private Task Create(string sku, string name, ProductKind kind = ProductKind.Goods) =>
            Happened("product", sku, new ProductCreated(name, kind, "standard", [new Price("GBP", 2.55m)]));
    }
}
