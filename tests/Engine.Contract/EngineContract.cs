using Commerce.Engine;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Engine.Contract;

/// <summary>
/// What every engine promises, E1 to E8 of the design. An engine's tests derive from this, say how to start one on a store that
/// outlives it, and how time passes.
/// </summary>
public abstract partial class EngineContract : IAsyncLifetime
{
    private readonly List<IEngineUnderTest> _started = [];
    private int _operations;

    /// <summary>The clock that the engines and stores of this test go by.</summary>
    protected abstract TimeProvider Clock { get; }

    /// <summary>What the entities of this test meet.</summary>
    protected World World { get; } = new();

    private DateTimeOffset Soon => Clock.GetUtcNow().AddMinutes(30);

    public abstract ValueTask InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var engine in _started) await engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Starts an engine with the <see cref="TrialCapabilities"/> on the stores of this test; a second one runs beside the first.
    /// </summary>
    protected abstract Task<IEngineUnderTest> Start(EngineSetup setup);

    /// <summary>The store of one of the <see cref="TrialCapabilities"/>.</summary>
    protected abstract CapabilityStore Store(string capability);

    /// <summary>Lets time pass until it is so; fails, naming it, when it takes far too long.</summary>
    protected abstract Task Until(Func<Task<bool>> condition, string what);

    /// <summary>Lets time pass, with all its effects.</summary>
    protected abstract Task Pass(TimeSpan time);

    private async Task<IEngineUnderTest> Run(Func<EngineSetup, EngineSetup>? with = null)
    {
        var setup = new EngineSetup(World);
        var engine = await Start(with?.Invoke(setup) ?? setup);
        _started.Add(engine);
        return engine;
    }

    private CallContext NewCall(string? operation = null) =>
        new(operation ?? $"op-{Interlocked.Increment(ref _operations)}", new Caller("tester", ["counters:add"], Reach.Everything), Soon);

    private Task UntilLogged(string entry, int times = 1) =>
        Until(() => Task.FromResult(World.Log.Count(e => e == entry) >= times), $"'{entry}' is logged {times} times");
}
