using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>What happens to a counter.</summary>
public abstract record CounterFact;

/// <summary>It was added to.</summary>
public sealed record Added(long By) : CounterFact;

/// <summary>It wants to be woken.</summary>
public sealed record AlarmSet(DateTimeOffset At) : CounterFact;

/// <summary>It was woken.</summary>
public sealed record Rang : CounterFact;

/// <summary>A counter as its rules see it.</summary>
public sealed record CounterState(long Value, int Rings, DateTimeOffset? RingAt)
{
    public static readonly CounterState Initial = new(0, 0, null);
}

/// <summary>The rules of counting: nothing is not added, and it never goes below zero.</summary>
public static class CounterRules
{
    public static Decision<CounterFact> Add(CounterState state, long by)
    {
        if (by == 0) return Refusals.Invalid("nothing_to_add", "/by", "0 changes nothing.", "Add another number.");
        if (state.Value + by < 0)
            return new Refusal("below_zero", RefusalKind.Conflict, $"{state.Value} and {by} is below zero.", "Add more.");
        return new Added(by);
    }

    public static CounterState Evolve(CounterState state, CounterFact fact) => fact switch
    {
        Added f => state with { Value = state.Value + f.By },
        AlarmSet f => state with { RingAt = f.At },
        Rang => state with { Rings = state.Rings + 1, RingAt = null },
        _ => throw new InvalidOperationException($"A counter does not know the fact {fact.GetType().Name}."),
    };
}

/// <summary>A counter, with an address.</summary>
public sealed class Counter(EntityContext context, World world) : Entity<CounterState, CounterFact>(context), ICounter
{
    protected override CounterState Initial => CounterState.Initial;

    protected override string Shape => "counter/1";

    public Task<Result<CounterView>> Add(long by, CallContext call) => Execute(call, s => CounterRules.Add(s, by), View);

    public async Task<Result<CounterView>> AddBehind(string gate, long by, CallContext call)
    {
        world.Log.Enqueue($"begin {call.OperationId}");
        await world.Pass(gate);
        var answer = await Add(by, call);
        world.Log.Enqueue($"end {call.OperationId}");
        return answer;
    }

    public Task<Result<CounterView>> RingAt(DateTimeOffset at, CallContext call) => Execute(call, _ => new AlarmSet(at), View);

    public Task Fail(CallContext call) => throw new InvalidOperationException($"{Key} failed, as it was asked to.");

    public Task<CallContext> Echo(CallContext call) => Task.FromResult(call);

    public Task<CallContext> EchoBy(string other, CallContext call) => Entities.Get<ICounter>(other).Echo(call.For($"{call.OperationId}/nested"));

    public async Task<CounterView> Get()
    {
        var (state, version) = await Read();
        return View(state, version);
    }

    public async Task<CounterView> WhenAtLeast(long value, DateTimeOffset deadline)
    {
        await When(s => s.Value >= value, deadline);
        return await Get();
    }

    public override async Task Wake()
    {
        world.Log.Enqueue($"wake {Key}");
        world.Check($"wake {Key}");
        await Execute(
            new CallContext($"wake/{Now:O}", Caller.System, Now.AddSeconds(30)),
            s => s.RingAt <= Now ? new Rang() : Decision<CounterFact>.Nothing,
            View);
    }

    protected override CounterState Evolve(CounterState state, CounterFact fact) => CounterRules.Evolve(state, fact);

    protected override DateTimeOffset? WakeAt(CounterState state) => state.RingAt;

    private static CounterView View(CounterState state, long version) => new(state.Value, state.Rings, version);
}

/// <summary>A counter whose calls overlap, with an address.</summary>
public sealed class Tally(EntityContext context) : Entity<CounterState, CounterFact>(context), ITally
{
    protected override CounterState Initial => CounterState.Initial;

    protected override string Shape => "tally/1";

    public Task<Result<CounterView>> Add(long by, CallContext call) => Execute(call, s => CounterRules.Add(s, by), View);

    public async Task<CounterView> Get()
    {
        var (state, version) = await Read();
        return View(state, version);
    }

    protected override CounterState Evolve(CounterState state, CounterFact fact) => CounterRules.Evolve(state, fact);

    private static CounterView View(CounterState state, long version) => new(state.Value, state.Rings, version);
}
