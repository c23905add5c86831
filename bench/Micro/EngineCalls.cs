using BenchmarkDotNet.Attributes;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.SingleProcess;

namespace Commerce.Micro;

/// <summary>A call of an entity through an engine, with a journal that costs nothing.</summary>
public abstract class EngineCalls
{
    private static int _operations;

    private IStock _stock = null!;

    /// <summary>Starts the engine, and gives the entity its first fact. BenchmarkDotNet does not await a setup in this process.</summary>
    [GlobalSetup]
    public void Open()
    {
        _stock = Start().GetAwaiter().GetResult().Get<IStock>("SKU-001");
        Receive().GetAwaiter().GetResult();
    }

    [Benchmark(Description = "call: read a stock level")]
    public Task<StockLevel?> Read() => _stock.Get();

    [Benchmark(Description = "call: receive stock")]
    public Task<StockLevel> Receive() => Receive(_stock);

    internal static async Task<StockLevel> Receive(IStock stock)
    {
        var call = new CallContext(
            $"receive-{Interlocked.Increment(ref _operations)}", BenchmarkData.Shop, DateTimeOffset.UtcNow.AddMinutes(10));
        var result = await stock.Receive(new ReceiveStock(1), call);
        return result.Value ?? throw new InvalidOperationException($"Refused: {result.Refusal}");
    }

    [GlobalCleanup]
    public void Close() => Stop().GetAwaiter().GetResult();

    protected abstract Task<IEntities> Start();

    protected abstract Task Stop();
}

/// <summary>Through the single process.</summary>
public class SingleProcessCalls : EngineCalls
{
    private SingleProcessEngine _engine = null!;

    protected override Task Stop() => _engine.StopAsync();

    protected override Task<IEntities> Start()
    {
        _engine = new SingleProcessEngine([NullJournal.Of(BenchmarkData.Stock)], new NoServices(), new SingleProcessOptions());
        _engine.Start();
        return Task.FromResult<IEntities>(_engine);
    }
}

/// <summary>What a host gives its entities: nothing, because stock needs nothing.</summary>
internal sealed class NoServices : IServiceProvider
{
    public object? GetService(Type serviceType) => null;
}
