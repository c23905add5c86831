using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;

namespace Commerce.Grains.Tests;

/// <summary>The engine's contract on a cluster of two silos. Entities go by a clock that the test owns, Orleans by the real one.</summary>
public abstract class ContractOnCluster : EngineContract
{
    private static readonly TimeSpan ShortIdle = TimeSpan.FromMilliseconds(500);

    private bool _unloads;

    protected FakeClock FakeClock { get; } = new();

    protected override TimeProvider Clock => FakeClock;

    protected abstract IReadOnlyList<CapabilityStore> Stores { get; }

    protected override CapabilityStore Store(string capability) => Stores.Single(s => s.Capability.Name == capability);

    protected override async Task<IEngineUnderTest> Start(EngineSetup setup)
    {
        _unloads = setup.IdleTime < TimeSpan.FromMinutes(1);
        var options = new EngineOptions
        {
            Clock = FakeClock, IdleTime = _unloads ? ShortIdle : setup.IdleTime, MaxDeliveryAttempts = setup.MaxDeliveryAttempts,
        };
        return await ClusterRun.Start(Stores, options, setup.World);
    }

    protected override Task Until(Func<Task<bool>> condition, string what) => FakeClock.Until(condition, what);

    protected override async Task Pass(TimeSpan time)
    {
        var end = FakeClock.Now + time;
        await FakeClock.Until(() => Task.FromResult(FakeClock.Now >= end), "time passes", TimeSpan.FromSeconds(1));
        if (_unloads) await Task.Delay(3 * ShortIdle); // idle entities leave by Orleans' clock
    }
}

/// <summary>The engine's contract on a cluster whose journals are in memory.</summary>
public sealed class ContractInMemory : ContractOnCluster
{
    private readonly List<CapabilityStore> _stores = [];

    protected override IReadOnlyList<CapabilityStore> Stores => _stores;

    public override ValueTask InitializeAsync()
    {
        _stores.AddRange(InMemoryStore.For(TrialCapabilities.All, FakeClock).Select(s => s.Store));
        return ValueTask.CompletedTask;
    }
}

/// <summary>The engine's contract on a cluster with a real PostgreSQL.</summary>
public sealed class ContractOnPostgres : ContractOnCluster
{
    private CommerceDatabases? _databases;

    protected override IReadOnlyList<CapabilityStore> Stores => _databases!.Stores;

    public override async ValueTask InitializeAsync() => _databases = await CommerceDatabases.Open(
        await TestPostgres.ConnectionString(), TestPostgres.NewPrefix(), TrialCapabilities.All,
        new JournalOptions { Partitions = 2, Keys = TestKeys.Of });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _databases!.DisposeAsync();
    }
}
