using BenchmarkDotNet.Attributes;
using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Kernel;

namespace Commerce.Micro;

/// <summary>The time to load an entity, whose history may be long, from a real journal.</summary>
public class EntityLoads
{
    private CommerceDatabases _databases = null!;
    private CapabilityStore _store = null!;
    private EntityId _id;

    /// <summary>Facts of the entity; the last ones are newer than its snapshot.</summary>
    [Params(10, 100_007)]
    public int Facts { get; set; }

    /// <summary>Receives stock of one SKU, through the entity, which decides when to keep a snapshot.</summary>
    [GlobalSetup]
    public void Fill() => FillAsync().GetAwaiter().GetResult();

    [Benchmark(Description = "load an entity")]
    public async Task<StockLevel> Load() => await Entity().Get() ?? throw new InvalidOperationException("The stock is missing.");

    [GlobalCleanup]
    public void Close() => _databases.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task FillAsync()
    {
        _databases = await CommerceDatabases.Open(JournalAppends.Postgres, "loads", [BenchmarkData.Stock]);
        _store = new CapabilityStore(BenchmarkData.Stock, _databases.Journal(BenchmarkData.Stock.Name), null!, null!, null!);
        _id = new EntityId("stock", $"SKU-{Guid.NewGuid():N}");
        var (stock, turns) = (Entity(), new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler); // one turn at a time, as in an engine
        foreach (var portion in Enumerable.Range(0, Facts).Chunk(1_000))
            await Task.WhenAll(portion.Select(_ => Task.Factory.StartNew(
                () => EngineCalls.Receive(stock), CancellationToken.None, TaskCreationOptions.None, turns).Unwrap()));
    }

    private IStock Entity() => (IStock)new HostedEntity(
        _id, BenchmarkData.Stock.Kind("stock")!, _store, new NoNeighbours(), new NoServices(), new EngineOptions(), (_, _) => { }).Entity;

    private sealed class NoNeighbours : IEntities
    {
        public TContract Get<TContract>(string key) where TContract : class, IEntity =>
            throw new InvalidOperationException($"Stock needs no other entity, and asked for '{key}'.");
    }
}
