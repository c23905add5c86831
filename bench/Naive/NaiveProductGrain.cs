namespace Commerce.Naive;

/// <summary>What a product is and costs, in minor units.</summary>
internal sealed class NaiveProduct
{
    public string Name { get; set; } = "";
    public string Currency { get; set; } = "";
    public long UnitPrice { get; set; }
}

/// <summary>A price that is asked for is answered from memory.</summary>
[GrainType("product")]
internal sealed class NaiveProductGrain([PersistentState("product")] IPersistentState<NaiveProduct> product)
    : StoredGrain<NaiveProduct>(product), INaiveProductGrain
{
    public Task Define(string name, string currency, long unitPrice)
    {
        if (Exists) return Task.CompletedTask;
        if (unitPrice < 0) throw new ArgumentOutOfRangeException(nameof(unitPrice), unitPrice, "A price is not negative.");
        (State.Name, State.Currency, State.UnitPrice) = (name, currency, unitPrice);
        return Write();
    }

    public Task<long?> Price(string currency) =>
        Task.FromResult(Exists && State.Currency == currency ? State.UnitPrice : (long?)null);
}
