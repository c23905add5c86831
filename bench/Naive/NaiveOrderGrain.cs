namespace Commerce.Naive;

/// <summary>An order and how far it has come.</summary>
internal sealed class NaiveOrder
{
    public byte[] Fingerprint { get; set; } = [];
    public string Status { get; set; } = "";
    public string? Reason { get; set; }
    public string Currency { get; set; } = "";
    public string PaymentMethod { get; set; } = "";
    public long Total { get; set; }
    public List<NaivePricedLine> Lines { get; set; } = [];
}

/// <summary>A line with its price, in minor units.</summary>
internal sealed record NaivePricedLine(string Sku, long Quantity, long UnitPrice, long Total);

/// <summary>Drives the way of an order and writes its state at each step: a repeated call goes on where the last one ended.</summary>
[GrainType("order")]
internal sealed class NaiveOrderGrain([PersistentState("order")] IPersistentState<NaiveOrder> order)
    : StoredGrain<NaiveOrder>(order), INaiveOrderGrain
{
    private string Id => this.GetPrimaryKeyString();

    public async Task<PlacingResult> Place(byte[] fingerprint, NaiveNewOrder order)
    {
        if (!Exists && await Begin(fingerprint, order) is { } refusal) return new PlacingResult(null, refusal);
        if (!State.Fingerprint.AsSpan().SequenceEqual(fingerprint))
            return new PlacingResult(null, "The key was used for another order.");
        if (State.Status == "placed") await Hold();
        if (State.Status == "held")
        {
            await GrainFactory.GetGrain<INaivePaymentGrain>(Id).Authorize(State.PaymentMethod, State.Currency, State.Total);
            await Reach("authorized");
        }

        if (State.Status == "authorized") await Reach("confirmed");
        return new PlacingResult(Shown, null);
    }

    public async Task<NaiveOrderView?> Ship()
    {
        if (!Exists) return null;
        if (State.Status == "confirmed")
        {
            await Task.WhenAll(Stocks().Select(s => s.Stock.Post(Id)));
            await Reach("posted");
        }

        if (State.Status == "posted")
        {
            await GrainFactory.GetGrain<INaivePaymentGrain>(Id).Capture(State.Total);
            await GrainFactory.GetGrain<INaiveEntryGrain>($"capture/{Id}").Post(
                [new("provider_clearing", State.Currency, State.Total), new("sales", State.Currency, -State.Total)]);
            await Reach("shipped");
        }

        return Shown;
    }

    public Task<NaiveOrderView?> View() => Task.FromResult(Exists ? Shown : null);

    private NaiveOrderView Shown => new(Id, State.Status, State.Total, State.Currency, State.Reason);

    private async Task<string?> Begin(byte[] fingerprint, NaiveNewOrder order)
    {
        if (order.Lines.Length == 0 || order.Lines.Any(l => l.Quantity <= 0)) return "An order has lines of at least one unit.";
        var prices = await Task.WhenAll(order.Lines.Select(l => GrainFactory.GetGrain<INaiveProductGrain>(l.Sku).Price(order.Currency)));
        if (prices.Any(p => p is null)) return "A product is not known.";
        State.Lines =
        [
            .. order.Lines.Zip(prices, (l, price) =>
                new NaivePricedLine(l.Sku, l.Quantity, price!.Value, checked(price.Value * l.Quantity))),
        ];
        (State.Fingerprint, State.Currency, State.PaymentMethod) = (fingerprint, order.Currency, order.PaymentMethod);
        State.Total = State.Lines.Sum(l => l.Total);
        await Reach("placed");
        return null;
    }

    private async Task Hold()
    {
        var stocks = Stocks();
        var held = await Task.WhenAll(stocks.Select(s => s.Stock.Hold(Id, s.Quantity)));
        if (held.All(h => h))
        {
            await Reach("held");
            return;
        }

        await Task.WhenAll(stocks.Select(s => s.Stock.Release(Id)));
        State.Reason = "out_of_stock";
        await Reach("rejected");
    }

    private IReadOnlyList<(INaiveStockGrain Stock, long Quantity)> Stocks() =>
        [.. State.Lines.GroupBy(l => l.Sku).Select(g => (GrainFactory.GetGrain<INaiveStockGrain>(g.Key), g.Sum(l => l.Quantity)))];

    private Task Reach(string status)
    {
        State.Status = status;
        return Write();
    }
}
