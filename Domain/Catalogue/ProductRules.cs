using Commerce.Kernel;

namespace Commerce.Catalogue;

/// <summary>A product as its rules see it; null name: there is none yet.</summary>
public sealed record ProductState(
    string? Name, ProductKind Kind, string TaxCategory, ProductStatus Status, IReadOnlyList<Price> Prices)
{
    public static readonly ProductState Initial = new(null, ProductKind.Goods, "", ProductStatus.Active, []);
}

/// <summary>The rules of products.</summary>
public static class ProductRules
{
    /// <summary>The most prices that one product keeps.</summary>
    public const int MaxPrices = 500;

    /// <summary>The tax category of a product for which none is given.</summary>
    public const string DefaultTaxCategory = "standard";

    /// <summary>Needed to set prices.</summary>
    public static readonly Scope Pricing = new("pricing:write", "may_not_price");

    /// <summary>
    /// A product. Every order reads it and it seldom changes, so its maximum staleness is above the default (decision 12).
    /// </summary>
    public static readonly EntityDefinition<ProductState, ProductFact> Definition = new("product/1", ProductState.Initial, Evolve)
    {
        MaxStaleness = TimeSpan.FromMinutes(1),
    };

    public static ProductState Evolve(ProductState state, ProductFact fact) => fact switch
    {
        ProductCreated f => new ProductState(f.Name, f.Kind, f.TaxCategory, ProductStatus.Active, f.Prices.Aggregate(NoPrices, With)),
        ProductRevised f => state with { Name = f.Name ?? state.Name, TaxCategory = f.TaxCategory ?? state.TaxCategory },
        PriceSet f => state with { Prices = With(state.Prices, f.Price) },
        ProductWithdrawn => state with { Status = ProductStatus.Withdrawn },
        ProductReinstated => state with { Status = ProductStatus.Active },
        _ => throw new InvalidOperationException($"Products do not know the fact {fact.GetType().Name}."),
    };

    /// <summary>The product as others see it.</summary>
    public static ProductView View(string sku, ProductState state, long version) =>
        new(sku, state.Name!, state.Kind, state.TaxCategory, state.Status, state.Prices, version);

    public static Decision<ProductFact> Create(string sku, ProductState state, CreateProduct command, Caller caller)
    {
        if (state.Name is not null) return Refusals.Exists("product", sku);
        if (command.Prices is { Count: > 0 }
            && Pricing.Check(caller, "may not set prices", "Leave the prices out", "/prices") is { } forbidden) return forbidden;
        if (!Ids.IsSku(sku)) return BadSku(sku);
        if (Validate.Text("/name", command.Name, 200) is { } name) return name;
        if (Validate.Optional("/taxCategory", command.TaxCategory, 40) is { } tax) return tax;
        if (command.Prices is { Count: > MaxPrices }) return TooManyPrices;
        for (var i = 0; i < command.Prices?.Count; i++)
            if ((Bad($"/prices/{i}", command.Prices[i]) ?? Twice(command.Prices, i)) is { } price) return price;
        return new ProductCreated(
            command.Name.Trim(), command.Kind, command.TaxCategory?.Trim() ?? DefaultTaxCategory, command.Prices ?? []);
    }

    /// <summary>Changes name or tax category.</summary>
    public static Decision<ProductFact> Revise(string sku, ProductState state, ReviseProduct command)
    {
        if (state.Name is null) return Unknown(sku);
        if (Validate.Optional("/name", command.Name, 200) is { } name) return name;
        if (Validate.Optional("/taxCategory", command.TaxCategory, 40) is { } tax) return tax;
        var revised = new ProductRevised(command.Name?.Trim(), command.TaxCategory?.Trim());
        return Evolve(state, revised) == state ? Decision<ProductFact>.Nothing : revised;
    }

    /// <summary>Sets a price.</summary>
    public static Decision<ProductFact> SetPrice(string sku, ProductState state, Price command)
    {
        if (state.Name is null) return Unknown(sku);
        if (Bad("", command) is { } bad) return bad;
        if (state.Prices.Contains(command)) return Decision<ProductFact>.Nothing;
        if (With(state.Prices, command).Count > MaxPrices) return TooManyPrices;
        return new PriceSet(command);
    }

    /// <summary>Takes it off sale.</summary>
    public static Decision<ProductFact> Withdraw(string sku, ProductState state)
    {
        if (state.Name is null) return Unknown(sku);
        return state.Status == ProductStatus.Withdrawn ? Decision<ProductFact>.Nothing : new ProductWithdrawn();
    }

    /// <summary>Puts it back on sale.</summary>
    public static Decision<ProductFact> Reinstate(string sku, ProductState state)
    {
        if (state.Name is null) return Unknown(sku);
        return state.Status == ProductStatus.Active ? Decision<ProductFact>.Nothing : new ProductReinstated();
    }

    private static readonly IReadOnlyList<Price> NoPrices = [];

    private static readonly Refusal TooManyPrices = Refusals.Invalid(
        "too_many_prices", "/prices", $"A product keeps at most {MaxPrices} prices.", "Set only prices that are or will be in force.");

    private static IReadOnlyList<Price> With(IReadOnlyList<Price> prices, Price price) =>
    [
        .. prices.Where(p => p.Currency != price.Currency || p.ValidFrom != price.ValidFrom).Append(price)
            .OrderBy(p => p.Currency, StringComparer.Ordinal).ThenBy(p => p.ValidFrom ?? DateTimeOffset.MinValue),
    ];

    private static Refusal? Bad(string field, Price price) =>
        Validate.Currency($"{field}/currency", price.Currency) ?? Validate.UnitPrice($"{field}/unitPrice", price.UnitPrice);

    private static Refusal? Twice(IReadOnlyList<Price> prices, int i) => prices
        .Take(i).Any(p => (p.Currency, p.ValidFrom) == (prices[i].Currency, prices[i].ValidFrom))
        ? Refusals.Invalid(
            "duplicate_price", $"/prices/{i}", $"There are two prices in {prices[i].Currency} from the same time on.",
            "Give one for each currency and time.")
        : null;

    /// <summary>The refusal of what cannot be a SKU.</summary>
    public static Refusal BadSku(string sku) => Refusals.Invalid(
        "invalid_sku", "/sku", $"'{sku}' cannot be a SKU.",
        "Give 1 to 64 ASCII letters, digits and signs, but none of / \\ % ' \" ` < >; single spaces inside are fine.");

    private static Refusal Unknown(string sku) => Refusals.Unknown(
        "product", sku, "Create it first, or check the SKU: upper and lower case differ.");
}
