using Commerce.Engine.Contract;
using Commerce.Kernel;

namespace Commerce.Grains.Tests.Trial;

/// <summary>An entity that fails as it is asked to, and shows what has reached it.</summary>
public interface IFlaky : IEntity
{
    /// <summary>Fails so many times, then does it.</summary>
    Task<Answer<FlakyView>> Do(string failure, int times, Call call);

    /// <summary>Fails so many times, then tells.</summary>
    [Interleaved]
    Task<FlakyView> Look(string failure, int times);

    /// <summary>Gives back the very object that it was given.</summary>
    Task<Answer<FlakyView>> Reflect(FlakyView view, Call call);
}

/// <summary>How often it was asked.</summary>
public sealed record FlakyView(int Times);

/// <summary>A capability of flaky entities.</summary>
public static class FlakyCapability
{
    public static readonly Capability Definition = new(
        "Flaky", [EntityKind.Of<IFlaky, Flaky>("flaky", (_, services) => new Flaky((World)services.GetService(typeof(World))!))],
        new FactCatalog(), []);
}

/// <summary>A flaky entity. It keeps nothing.</summary>
public sealed class Flaky(World world) : IFlaky, IHosted
{
    private int _times;

    public Task Background => Task.CompletedTask;

    public Task<Answer<FlakyView>> Do(string failure, int times, Call call)
    {
        world.Log.Enqueue($"do {call.OperationId}");
        return Task.FromResult<Answer<FlakyView>>(Times(failure, times));
    }

    public Task<FlakyView> Look(string failure, int times) => Task.FromResult(Times(failure, times));

    public Task<Answer<FlakyView>> Reflect(FlakyView view, Call call) => Task.FromResult<Answer<FlakyView>>(view);

    public Task Wake() => Task.CompletedTask;

    public Task Stop() => Task.CompletedTask;

    private FlakyView Times(string failure, int times) => ++_times > times ? new FlakyView(_times) : throw (Exception)(failure switch
    {
        "silo gone" => new Orleans.Runtime.SiloUnavailableException("The silo is gone."),
        "no answer" => new TimeoutException("No answer came."),
        "too busy" => new Orleans.Runtime.GatewayTooBusyException("Too busy."),
        "database away" => new UnavailableException("The database is away.", TimeSpan.FromSeconds(3)),
        _ => new InvalidOperationException(failure),
    });
}

/// <summary>A flaky entity, with an address in the cluster.</summary>
[Alias("trial.flaky")]
public interface IFlakyGrain : IFlaky, IGrainWithStringKey;

[GrainType("flaky")]
internal sealed class FlakyGrain(IGrainContext context, EntityHost host) : EntityGrain<IFlaky>(context, host), IFlakyGrain
{
    public Task<Answer<FlakyView>> Do(string failure, int times, Call call) => Entity.Do(failure, times, call);

    public Task<FlakyView> Look(string failure, int times) => Entity.Look(failure, times);

    public Task<Answer<FlakyView>> Reflect(FlakyView view, Call call) => Entity.Reflect(view, call);
}

[GrainType("flaky-alarms")]
[OfCapability("Flaky")]
internal sealed class FlakyAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
