using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>What happens to a counter.</summary>
public abstract record CounterFact;

/// <summary>It was added to.</summary>
public sealed record Added(long By) : CounterFact;

/// <summary>It wants to be woken.</summary>
public sealed record AlarmSet(DateTimeOffset At) : CounterFact;

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
public sealed class Counter : ICounter
{
    private readonly EntityContext _context;
    private readonly World _world;
    private readonly Decider<CounterState, CounterFact> _counter;

    public Counter(EntityContext context)
    {
        _context = context;
        _world = context.Port<World>();
        _counter = context.Decider(new EntityDefinition<CounterState, CounterFact>("counter/1", CounterState.Initial, CounterRules.Evolve)
        {
            WhenDue = new((state, _) => state.RingAt, Ring),
        });
    }

    public Task<Result<CounterView>> Add(long by, CallContext call) => _counter.Decide(call, s => CounterRules.Add(s, by), View);

    public async Task<Result<CounterView>> AddBehind(string gate, long by, CallContext call)
    {
        _world.Log.Enqueue($"begin {call.OperationId}");
        await _world.Pass(gate);
        var answer = await Add(by, call);
        _world.Log.Enqueue($"end {call.OperationId}");
        return answer;
    }

    public Task<Result<CounterView>> RingAt(DateTimeOffset at, CallContext call) => _counter.Decide(call, _ => new AlarmSet(at), View);

    public Task Fail(CallContext call) => throw new InvalidOperationException($"{_context.Key} failed, as it was asked to.");

    public Task<CallContext> Echo(CallContext call) => Task.FromResult(call);

    public Task<CallContext> EchoBy(string other, CallContext call) =>
        _context.Entities.Get<ICounter>(other).Echo(call.For($"{call.OperationId}/nested"));

    public async Task<CounterView> Get()
    {
        var (state, version) = await _counter.Read();
        return View(state, version);
    }

    public async Task<CounterView> WhenAtLeast(long value, DateTimeOffset deadline)
    {
        await _counter.When(s => s.Value >= value, deadline);
        return await Get();
    }

    private Decision<CounterFact> Ring(CounterState state, DateTimeOffset now)
    {
        _world.Log.Enqueue($"wake {_context.Key}");
        _world.Check($"wake {_context.Key}");
        return state.RingAt <= now ? new Rang() : Decision<CounterFact>.Nothing;
    }

    private static CounterView View(CounterState state, long version) => new(state.Value, state.Rings, version);
}

/// <summary>A counter whose calls overlap, with an address.</summary>
public sealed class Tally(EntityContext context) : ITally
{
    private readonly Decider<CounterState, CounterFact> _tally =
        context.Decider(new EntityDefinition<CounterState, CounterFact>("tally/1", CounterState.Initial, CounterRules.Evolve));

    public Task<Result<CounterView>> Add(long by, CallContext call) => _tally.Decide(call, s => CounterRules.Add(s, by), View);

    public async Task<CounterView> Get()
    {
        var (state, version) = await _tally.Read();
        return View(state, version);
    }

    private static CounterView View(CounterState state, long version) => new(state.Value, state.Rings, version);
}
