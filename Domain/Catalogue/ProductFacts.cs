namespace Commerce.Catalogue;

/// <summary>What happens to a product.</summary>
public abstract record ProductFact;

/// <summary>It came into the catalogue, on sale.</summary>
public sealed record ProductCreated(string Name, ProductKind Kind, string TaxCategory, IReadOnlyList<Price> Prices) : ProductFact;

/// <summary>Its name or tax category changed; null: as it was.</summary>
public sealed record ProductRevised(string? Name, string? TaxCategory) : ProductFact;

/// <summary>A price was set.</summary>
public sealed record PriceSet(Price Price) : ProductFact;

/// <summary>It went off sale.</summary>
public sealed record ProductWithdrawn : ProductFact;

/// <summary>It is on sale again.</summary>
public sealed record ProductReinstated : ProductFact;
