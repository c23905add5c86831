namespace Commerce.Naive;

/// <summary>Units of a SKU, and the orders that hold some of them.</summary>
internal sealed class NaiveStock
{
    public long OnHand { get; set; }
    public Dictionary<string, long> Held { get; set; } = [];
}

/// <summary>Never sets more units aside than there are.</summary>
[GrainType("stock")]
internal sealed class NaiveStockGrain([PersistentState("stock")] IPersistentState<NaiveStock> stock)
    : StoredGrain<NaiveStock>(stock), INaiveStockGrain
{
    public Task Receive(long quantity)
    {
        State.OnHand = checked(State.OnHand + quantity);
        return Write();
    }

    public async Task<bool> Hold(string order, long quantity)
    {
        if (State.Held.ContainsKey(order)) return true;
        if (State.OnHand - State.Held.Values.Sum() < quantity) return false;
        State.Held.Add(order, quantity);
        await Write();
        return true;
    }

    public Task Release(string order) => State.Held.Remove(order) ? Write() : Task.CompletedTask;

    public Task Post(string order)
    {
        if (!State.Held.Remove(order, out var quantity)) return Task.CompletedTask;
        State.OnHand -= quantity;
        return Write();
    }
}
