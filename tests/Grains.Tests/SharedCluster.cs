using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Grains.Tests.Trial;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>One cluster for tests that do it no harm. Idle entities leave after half a second.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private int _operations;

    public World World { get; } = new();

    public FakeClock Clock { get; } = new();

    public IEntities Entities => Run.Entities;

    internal ClusterRun Run { get; private set; } = null!;

    public IReadOnlyList<CapabilityStore> Stores { get; private set; } = [];

    public CallContext NewCall(string? operation = null) => new(
        operation ?? $"shared-{Interlocked.Increment(ref _operations)}", new Caller("tester", [], Reach.Everything),
        Clock.Now.AddMinutes(30));

    public async ValueTask InitializeAsync()
    {
        Capability[] all = [.. TrialCapabilities.All, FlakyCapability.Definition];
        Stores = [.. InMemoryStore.For(all, Clock).Select(s => s.Store)];
        Run = await ClusterRun.Start(
            Stores,
            new EngineOptions { Clock = Clock, IdleTime = TimeSpan.FromMilliseconds(500) }, World);
    }

    public ValueTask DisposeAsync() => Run.DisposeAsync();
}
