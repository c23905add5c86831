using BenchmarkDotNet.Attributes;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Kernel;
using Commerce.SingleProcess;

namespace Commerce.Micro;

/// <summary>A call of an entity through an engine, with a journal that costs nothing.</summary>
public abstract class Calls
{
    private static int _operations;

    private IStock _stock = null!;

    /// <summary>
    /// Starts the engine, and gives the entity its first fact. Setting up in this process is not awaited, and so waits itself.
    /// </summary>
    [GlobalSetup]
    public void Open()
    {
        _stock = Start().GetAwaiter().GetResult().Get<IStock>("SKU-001");
        Receive().GetAwaiter().GetResult();
    }

    /// <summary>A call that changes nothing.</summary>
    [Benchmark(Description = "call: read a stock level")]
    public Task<StockLevel?> Read() => _stock.Get();

    /// <summary>A call that records a fact.</summary>
    [Benchmark(Description = "call: receive stock")]
    public async Task<StockLevel> Receive()
    {
        var call = new CallContext($"receive-{Interlocked.Increment(ref _operations)}", Samples.Shop, DateTimeOffset.UtcNow.AddMinutes(1));
        var answer = await _stock.Receive(new ReceiveStock(1), call);
        return answer.Value ?? throw new InvalidOperationException($"Refused: {answer.Refusal}");
    }

    [GlobalCleanup]
    public void Close() => Stop().GetAwaiter().GetResult();

    protected abstract Task<IEntities> Start();

    protected abstract Task Stop();
}

/// <summary>Through the single process.</summary>
public class SingleProcessCalls : Calls
{
    private SingleProcessEngine _engine = null!;

    protected override Task Stop() => _engine.StopAsync();

    protected override Task<IEntities> Start()
    {
        _engine = new SingleProcessEngine([ForgetfulJournal.Of(Samples.Stock)], new NoPorts(), new SingleProcessOptions());
        _engine.Start();
        return Task.FromResult<IEntities>(_engine);
    }

    private sealed class NoPorts : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
