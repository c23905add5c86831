using BenchmarkDotNet.Attributes;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Micro;

/// <summary>What is pure: decisions, folds, and how facts are written and read.</summary>
public class Rules
{
    private static readonly HoldStock Wanted = new("ord_1/1", 3);

    private readonly StockState _stock = StockRules.Evolve(StockState.Initial, new StockReceived(1_000_000, null, Samples.Noon));
    private readonly EncodedFact[] _encoded = [.. Samples.Life.Select(OrdersCapability.Facts.Encode)];

    /// <summary>An order of three lines is checked and priced.</summary>
    [Benchmark(Description = "decide: place an order of 3 lines")]
    public Decision<OrderFact> Place() => OrderChecks.Place(Samples.OrderId, Samples.Placing, Samples.Shop, Samples.Noon) is { } refusal
        ? refusal
        : OrderRules.Place(Samples.OrderId, OrderState.Initial, Samples.Placing, Samples.Products, true, Samples.Noon);

    /// <summary>Units are set aside.</summary>
    [Benchmark(Description = "decide: hold stock")]
    public Decision<StockFact> Hold() => StockRules.Hold(_stock, Wanted);

    /// <summary>An order's facts become its state.</summary>
    [Benchmark(Description = "evolve: an order's 6 facts, placed to cash")]
    public OrderState Fold() => Samples.Life.Aggregate(OrderState.Initial, OrderRules.Evolve);

    /// <summary>An order's facts are written.</summary>
    [Benchmark(Description = "encode: an order's 6 facts")]
    public int Encode()
    {
        var written = 0;
        foreach (var fact in Samples.Life) written += OrdersCapability.Facts.Encode(fact).Json.Length;
        return written;
    }

    /// <summary>An order's facts are read.</summary>
    [Benchmark(Description = "decode: an order's 6 facts")]
    public int Decode()
    {
        var read = 0;
        foreach (var fact in _encoded) read += OrdersCapability.Facts.Decode(fact) is OrderFact ? 1 : 0;
        return read;
    }
}
