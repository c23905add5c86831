using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;

namespace Commerce.SingleProcess.Tests;

/// <summary>The engine's contract on a clock that the test owns.</summary>
public abstract class ContractOnFakeClock : EngineContract
{
    protected FakeClock FakeClock { get; } = new();

    protected override TimeProvider Clock => FakeClock;

    protected abstract IReadOnlyList<CapabilityStore> Stores { get; }

    protected override CapabilityStore Store(string capability) => Stores.Single(s => s.Capability.Name == capability);

    protected override Task<IEngineUnderTest> Start(EngineSetup setup) => Task.FromResult<IEngineUnderTest>(new EngineRun(
        Stores,
        new SingleProcessOptions { Clock = FakeClock, IdleTime = setup.IdleTime, MaxDeliveryAttempts = setup.MaxDeliveryAttempts },
        setup.World));

    protected override Task Until(Func<Task<bool>> condition, string what) => FakeClock.Until(condition, what);

    protected override async Task Pass(TimeSpan time)
    {
        var end = FakeClock.Now + time;
        await FakeClock.Until(() => Task.FromResult(FakeClock.Now >= end), "time passes", TimeSpan.FromSeconds(1));
    }
}

/// <summary>The engine's contract on a journal in memory.</summary>
public sealed class ContractInMemory : ContractOnFakeClock
{
    private readonly List<CapabilityStore> _stores = [];

    protected override IReadOnlyList<CapabilityStore> Stores => _stores;

    public override ValueTask InitializeAsync()
    {
        _stores.AddRange(InMemoryStore.For(TrialCapabilities.All, FakeClock).Select(s => s.Store));
        return ValueTask.CompletedTask;
    }
}
