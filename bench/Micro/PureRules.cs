using BenchmarkDotNet.Attributes;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;
using static Commerce.Micro.BenchmarkData;

namespace Commerce.Micro;

/// <summary>What is pure: decisions, folds, and how facts are written and read.</summary>
public class PureRules
{
    private static readonly HoldStock Wanted = new("ord_1/1", 3);

    private readonly StockState _stock = StockRules.Evolve(StockState.Initial, new StockReceived(1_000_000, null, Noon));
    private readonly EncodedFact[] _encoded = [.. Life.Select(OrdersCapability.Facts.Encode)];

    [Benchmark(Description = "decide: place an order of 3 lines")]
    public Decision<OrderFact> Place() => OrderChecks.Place(OrderId, Placing, Shop, Noon) is { } refusal
        ? refusal
        : OrderRules.Place(OrderId, OrderState.Initial, Placing, Products, null, Noon);

    [Benchmark(Description = "decide: hold stock")]
    public Decision<StockFact> Hold() => StockRules.Hold(_stock, Wanted);

    [Benchmark(Description = "evolve: an order's 6 facts, placed to cash")]
    public OrderState Fold() => Life.Aggregate(OrderState.Initial, OrderRules.Evolve);

    [Benchmark(Description = "encode: an order's 6 facts")]
    public int Encode()
    {
        var written = 0;
        foreach (var fact in Life) written += OrdersCapability.Facts.Encode(fact).Json.Length;
        return written;
    }

    [Benchmark(Description = "decode: an order's 6 facts")]
    public int Decode()
    {
        var read = 0;
        foreach (var fact in _encoded) read += OrdersCapability.Facts.Decode(fact) is OrderFact ? 1 : 0;
        return read;
    }
}
