using System.Collections.Immutable;
using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>An entity with a process: it visits places, one after the other.</summary>
public interface IErrand : IEntity
{
    /// <summary>Sets out. Refused: <c>errand_exists</c>.</summary>
    Task<Result<ErrandView>> Begin(IReadOnlyList<string> places, CallContext call);

    Task Continue(CallContext call);

    [Interleaved]
    Task<ErrandView> Get();

    /// <summary>Once all places were visited, or as it is at the deadline.</summary>
    [Interleaved]
    Task<ErrandView> WhenDone(DateTimeOffset deadline);
}

/// <summary>Where it has been, and where it has yet to go.</summary>
public sealed record ErrandView(IReadOnlyList<string> Visited, IReadOnlyList<string> Left, long Version);

/// <summary>What happens on an errand.</summary>
public abstract record ErrandFact;

public sealed record SetOut(IReadOnlyList<string> Places) : ErrandFact;

/// <summary>A place was visited.</summary>
public sealed record Visited(string Place) : ErrandFact;

/// <summary>An errand as its rules see it.</summary>
public sealed record ErrandState(ImmutableList<string> Visited, ImmutableList<string> Left)
{
    public static readonly ErrandState Initial = new([], []);
}

/// <summary>
/// An errand, with an address. Each visit fails while the world says so, waits at a gate if the place is named <c>gate…</c>, and adds one
/// to the counter of that name.
/// </summary>
public sealed class Errand : IErrand
{
    private static readonly EntityDefinition<ErrandState, ErrandFact> Definition = new("errand/1", ErrandState.Initial, Evolve);

    private readonly EntityContext _context;
    private readonly World _world;
    private readonly Decider<ErrandState, ErrandFact> _errand;
    private readonly Process _process;

    public Errand(EntityContext context)
    {
        _context = context;
        _world = context.Port<World>();
        _errand = context.Decider(Definition);
        _process = context.Process<ErrandState, ErrandFact, Visit>(
            _errand, state => state.Left.FirstOrDefault() is { } place ? new Visit(place) : null, Run);
    }

    public Task<Result<ErrandView>> Begin(IReadOnlyList<string> places, CallContext call) => _errand.Decide(
        call, s => s == ErrandState.Initial ? new SetOut(places) : Refusals.Exists("errand", _context.Key), View);

    public Task Continue(CallContext call)
    {
        _process.Signal();
        return Task.CompletedTask;
    }

    public async Task<ErrandView> Get()
    {
        var (state, version) = await _errand.Read();
        return View(state, version);
    }

    public async Task<ErrandView> WhenDone(DateTimeOffset deadline)
    {
        await _errand.When(s => s.Left.IsEmpty && !s.Visited.IsEmpty, deadline);
        return await Get();
    }

    private async Task<StepOutcome<ErrandState, ErrandFact>> Run(Visit step, ErrandState state, StepContext context)
    {
        _world.Log.Enqueue(step.Name.Replace('/', ' '));
        _world.Check(step.Name.Replace('/', ' '));
        if (step.Place.StartsWith("gate", StringComparison.Ordinal)) await _world.Pass(step.Place);
        await _context.Entities.Get<ICounter>(step.Place).Add(1, context.Call);
        return new StepOutcome<ErrandState, ErrandFact>.Done(_ => new Visited(step.Place));
    }

    private static ErrandState Evolve(ErrandState state, ErrandFact fact) => fact switch
    {
        SetOut f => state with { Left = [.. f.Places] },
        Visited f => new ErrandState(state.Visited.Add(f.Place), state.Left.Remove(f.Place)),
        _ => throw new InvalidOperationException($"An errand does not know the fact {fact.GetType().Name}."),
    };

    private static ErrandView View(ErrandState state, long version) => new(state.Visited, state.Left, version);

    private sealed record Visit(string Place) : ProcessStep($"visit/{Place}");
}
