using Commerce.Engine.Contract;
using Commerce.Kernel;

namespace Commerce.Grains.Tests.Trial;

[GrainType("counter")]
internal sealed class CounterGrain(IGrainContext context, EntityHost host) : EntityGrain<ICounter>(context, host), ICounterGrain
{
    public Task<Answer<CounterView>> Add(long by, Call call) => Entity.Add(by, call);

    public Task<Answer<CounterView>> AddBehind(string gate, long by, Call call) => Entity.AddBehind(gate, by, call);

    public Task<Answer<CounterView>> RingAt(DateTimeOffset at, Call call) => Entity.RingAt(at, call);

    public Task Fail(Call call) => Entity.Fail(call);

    public Task<Call> Echo(Call call) => Entity.Echo(call);

    public Task<Call> EchoBy(string other, Call call) => Entity.EchoBy(other, call);

    public Task<CounterView> Get() => Entity.Get();

    public Task<CounterView> WhenAtLeast(long value, DateTimeOffset deadline) => Entity.WhenAtLeast(value, deadline);
}

[GrainType("tally")]
internal sealed class TallyGrain(IGrainContext context, EntityHost host) : EntityGrain<ITally>(context, host), ITallyGrain
{
    public Task<Answer<CounterView>> Add(long by, Call call) => Entity.Add(by, call);

    public Task<CounterView> Get() => Entity.Get();
}

[GrainType("errand")]
internal sealed class ErrandGrain(IGrainContext context, EntityHost host) : EntityGrain<IErrand>(context, host), IErrandGrain
{
    public Task<Answer<ErrandView>> Begin(IReadOnlyList<string> places, Call call) => Entity.Begin(places, call);

    public Task Continue(Call call) => Entity.Continue(call);

    public Task<ErrandView> Get() => Entity.Get();

    public Task<ErrandView> WhenDone(DateTimeOffset deadline) => Entity.WhenDone(deadline);
}

[GrainType("watcher")]
internal sealed class WatcherGrain(IGrainContext context, EntityHost host) : EntityGrain<IWatcher>(context, host), IWatcherGrain
{
    public Task<Answer<long>> See(long version, long by, Call call) => Entity.See(version, by, call);

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
