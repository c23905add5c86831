using Commerce.Engine.Contract;
using Commerce.Kernel;

namespace Commerce.Grains.Tests.Trial;

[GrainType("counter")]
internal sealed class CounterGrain(IGrainContext context, EntityHost host) : EntityGrain<ICounter>(context, host), ICounterGrain
{
    public Task<Result<CounterView>> Add(long by, CallContext call) => Entity.Add(by, call);

    public Task<Result<CounterView>> AddBehind(string gate, long by, CallContext call) => Entity.AddBehind(gate, by, call);

    public Task<Result<CounterView>> RingAt(DateTimeOffset at, CallContext call) => Entity.RingAt(at, call);

    public Task Fail(CallContext call) => Entity.Fail(call);

    public Task<CallContext> Echo(CallContext call) => Entity.Echo(call);

    public Task<CallContext> EchoBy(string other, CallContext call) => Entity.EchoBy(other, call);

    public Task<CounterView> Get() => Entity.Get();

    public Task<CounterView> WhenAtLeast(long value, DateTimeOffset deadline) => Entity.WhenAtLeast(value, deadline);
}

[GrainType("tally")]
internal sealed class TallyGrain(IGrainContext context, EntityHost host) : EntityGrain<ITally>(context, host), ITallyGrain
{
    public Task<Result<CounterView>> Add(long by, CallContext call) => Entity.Add(by, call);

    public Task<CounterView> Get() => Entity.Get();
}

[GrainType("errand")]
internal sealed class ErrandGrain(IGrainContext context, EntityHost host) : EntityGrain<IErrand>(context, host), IErrandGrain
{
    public Task<Result<ErrandView>> Begin(IReadOnlyList<string> places, CallContext call) => Entity.Begin(places, call);

    public Task Continue(CallContext call) => Entity.Continue(call);

    public Task<ErrandView> Get() => Entity.Get();

    public Task<ErrandView> WhenDone(DateTimeOffset deadline) => Entity.WhenDone(deadline);
}

[GrainType("watcher")]
internal sealed class WatcherGrain(IGrainContext context, EntityHost host) : EntityGrain<IWatcher>(context, host), IWatcherGrain
{
    public Task<Result<long>> See(long version, long by, CallContext call) => Entity.See(version, by, call);

    public Task<IReadOnlyList<long>> Get() => Entity.Get();
}

[ImplicitStreamSubscription("Counting")]
[GrainType(TrialCapabilities.Subscription)]
[OfCapability("Watching")]
public sealed class WatchingCounting(ReactionHost host) : ReactionGrain(host);

[GrainType("counting-alarms")]
[OfCapability("Counting")]
internal sealed class CountingAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);

[GrainType("watching-alarms")]
[OfCapability("Watching")]
internal sealed class WatchingAlarms(IGrainContext context, AlarmHost host) : AlarmsGrain(context, host);
