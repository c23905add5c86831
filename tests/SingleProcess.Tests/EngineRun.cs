using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Testing;

namespace Commerce.SingleProcess.Tests;

/// <summary>The single process engine, as the contract's tests handle it.</summary>
internal sealed class EngineRun : IEngineUnderTest
{
    public EngineRun(IReadOnlyList<CapabilityStore> stores, SingleProcessOptions options, World world)
    {
        Engine = new SingleProcessEngine(stores, new TestServices().With(world), options);
        Engine.Start();
    }

    public SingleProcessEngine Engine { get; }

    public IEntities Entities => Engine;

    public Task Stop() => Engine.StopAsync();

    public Task Crash() => Engine.DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}
