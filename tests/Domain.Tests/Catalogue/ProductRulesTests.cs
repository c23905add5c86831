using Commerce.Catalogue;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests.Catalogue;

public sealed class ProductRulesTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly ProductCreated Lantern = new("Lantern", ProductKind.Goods, "standard", [new Price("GBP", 339)]);

    private static ProductState After(params ProductFact[] facts) => Given.State(ProductState.Initial, ProductRules.Evolve, facts);

    private static CreateProduct Creation(string name = "Lantern", params Price[] prices) => new(name, ProductKind.Goods, null, prices);

    [Fact]
    public void A_new_product_is_on_sale_in_the_standard_tax_category()
    {
        var created = Assert.IsType<ProductCreated>(
            ProductRules.Create("71053", After(), Creation(prices: new Price("GBP", 339)), Caller.System).Single());
        Assert.Equal("standard", created.TaxCategory);
        Assert.Equal(ProductStatus.Active, After(created).Status);
    }

    [Fact]
    public void Who_may_create_products_may_not_always_set_prices()
    {
        var clerk = new Caller("clerk", ["catalogue:write"], Reach.Everything);
        ProductRules.Create("71053", After(), Creation(prices: new Price("GBP", 339)), clerk).Refuses("may_not_price", "/prices");
        Assert.IsType<ProductCreated>(ProductRules.Create("71053", After(), Creation(), clerk).Single());
    }

    [Fact]
    public void A_sku_is_created_once() =>
        ProductRules.Create("71053", After(Lantern), Creation(), Caller.System).Refuses("product_exists");

    [Theory]
    [InlineData("", "/name", "invalid_name")]
    [InlineData("a\u0007b", "/name", "invalid_name")]
    public void A_name_is_a_line_of_text(string name, string field, string code) =>
        ProductRules.Create("71053", After(), Creation(name), Caller.System).Refuses(code, field);

    [Theory]
    [InlineData("GBP", "-1", "invalid_price", "/prices/0/unitPrice")]
    [InlineData("GBP", "0.0000001", "invalid_price", "/prices/0/unitPrice")]
    [InlineData("GBP", "1000000000000001", "invalid_price", "/prices/0/unitPrice")]
    [InlineData("gbp", "1", "invalid_currency", "/prices/0/currency")]
    public void A_price_is_not_negative_and_in_a_known_currency(string currency, string price, string code, string field) =>
        ProductRules.Create("71053", After(), Creation(prices: new Price(currency, decimal.Parse(price))), Caller.System)
            .Refuses(code, field);

    [Fact]
    public void A_sku_that_cannot_be_in_an_address_is_refused() =>
        ProductRules.Create("a/b", After(), Creation(), Caller.System).Refuses("invalid_sku", "/sku");

    [Fact]
    public void A_later_price_is_in_force_from_its_own_instant()
    {
        var view = ProductRules.View(
            "71053", After(Lantern, new PriceSet(new Price("GBP", 400, Now)), new PriceSet(new Price("EUR", 500, Now))), 3);
        Assert.Equal(339, view.PriceAt("GBP", Now.AddSeconds(-1)));
        Assert.Equal(400, view.PriceAt("GBP", Now));
        Assert.Null(view.PriceAt("EUR", Now.AddSeconds(-1)));
        Assert.Null(view.PriceAt("USD", Now));
    }

    [Fact]
    public void A_price_for_the_same_instant_replaces_the_earlier_one() =>
        Assert.Equal([new Price("GBP", 400)], After(Lantern, new PriceSet(new Price("GBP", 400))).Prices);

    [Fact]
    public void Asking_for_what_is_so_already_changes_nothing()
    {
        ProductRules.SetPrice("71053", After(Lantern), new Price("GBP", 339)).Accepts();
        ProductRules.Revise("71053", After(Lantern), new ReviseProduct("Lantern", null)).Accepts();
        ProductRules.Reinstate("71053", After(Lantern)).Accepts();
        ProductRules.Withdraw("71053", After(Lantern, new ProductWithdrawn())).Accepts();
    }

    [Fact]
    public void What_was_never_created_cannot_be_changed()
    {
        ProductRules.Revise("x", After(), new ReviseProduct("a", null)).Refuses("unknown_product");
        ProductRules.SetPrice("x", After(), new Price("GBP", 1)).Refuses("unknown_product");
        ProductRules.Withdraw("x", After()).Refuses("unknown_product");
        ProductRules.Reinstate("x", After()).Refuses("unknown_product");
    }

    [Fact]
    public void A_product_keeps_a_bounded_number_of_prices()
    {
        var many = Enumerable.Range(0, ProductRules.MaxPrices).Select(i => new Price("GBP", i, Now.AddDays(i))).ToArray();
        var full = After(new ProductCreated("Lantern", ProductKind.Goods, "standard", many));
        ProductRules.SetPrice("71053", full, new Price("GBP", 1, Now.AddYears(99))).Refuses("too_many_prices");
        ProductRules.SetPrice("71053", full, new Price("GBP", 77, Now)).Accepts(new PriceSet(new Price("GBP", 77, Now)));
    }
}
