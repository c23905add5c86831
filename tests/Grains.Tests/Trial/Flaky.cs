using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Tests.Trial;

/// <summary>An entity that fails on request, and shows the calls that have reached it.</summary>
public interface IFlaky : IEntity
{
    /// <summary>Fails <paramref name="times"/> times, then does it.</summary>
    Task<Result<FlakyView>> Do(string failure, int times, CallContext call);

    /// <summary>Fails <paramref name="times"/> times, then answers.</summary>
    [Interleaved]
    Task<FlakyView> Look(string failure, int times);

    /// <summary>Gives back the very object that it was given.</summary>
    Task<Result<FlakyView>> Reflect(FlakyView view, CallContext call);
}

/// <summary>Number of calls.</summary>
public sealed record FlakyView(int Times);

/// <summary>A capability of flaky entities.</summary>
public static class FlakyCapability
{
    public static readonly Capability Definition = new(
        "Flaky", [EntityKind.Of<IFlaky>("flaky", context => new Flaky(context.Key, context.Port<World>()))],
        new FactCatalog(), []);
}

/// <summary>A flaky entity. It keeps nothing: how often it was called is counted outside, where no unloading resets it.</summary>
public sealed class Flaky(string key, World world) : IFlaky
{
    public Task<Result<FlakyView>> Do(string failure, int times, CallContext call)
    {
        world.Log.Enqueue($"do {call.OperationId}");
        return Task.FromResult<Result<FlakyView>>(Times(failure, times));
    }

    public Task<FlakyView> Look(string failure, int times) => Task.FromResult(Times(failure, times));

    public Task<Result<FlakyView>> Reflect(FlakyView view, CallContext call) => Task.FromResult<Result<FlakyView>>(view);

    private FlakyView Times(string failure, int times)
    {
        var called = Called();
        return called > times ? new FlakyView(called) : throw Failure(failure);
    }

    private static Exception Failure(string failure) => failure switch
    {
        "silo gone" => new Orleans.Runtime.SiloUnavailableException("The silo is gone."),
        "no answer" => new TimeoutException("No answer came."),
        "too busy" => new Orleans.Runtime.GatewayTooBusyException("Too busy."),
        "database away" => new UnavailableException("The database is away.", TimeSpan.FromSeconds(3)),
        _ => new InvalidOperationException(failure),
    };

    private int Called()
    {
        world.Log.Enqueue($"flaky {key}");
        return world.Log.Count(e => e == $"flaky {key}");
    }
}

/// <summary>A flaky entity, with an address in the cluster.</summary>
[Alias("trial.flaky")]
public interface IFlakyGrain : IFlaky, IGrainWithStringKey;

[GrainType("flaky")]
internal sealed class FlakyGrain(IGrainContext context, EntityHost host) : EntityGrain<IFlaky>(context, host), IFlakyGrain
{
    public Task<Result<FlakyView>> Do(string failure, int times, CallContext call) => Entity.Do(failure, times, call);

    public Task<FlakyView> Look(string failure, int times) => Entity.Look(failure, times);

    public Task<Result<FlakyView>> Reflect(FlakyView view, CallContext call) => Entity.Reflect(view, call);
}

[GrainType("flaky-alarms")]
[OfCapability("Flaky")]
internal sealed class FlakyAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
