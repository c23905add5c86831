using System.Collections.Immutable;
using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>An entity with a process: it visits places, one after the other.</summary>
public interface IErrand : IEntity
{
    /// <summary>Sets out. Refused: <c>errand_exists</c>.</summary>
    Task<Result<ErrandView>> Begin(IReadOnlyList<string> places, CallContext call);

    /// <summary>Looks again, now.</summary>
    Task Continue(CallContext call);

    /// <summary>Now.</summary>
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

/// <summary>It set out.</summary>
public sealed record SetOut(IReadOnlyList<string> Places) : ErrandFact;

/// <summary>A place was visited.</summary>
public sealed record Visited(string Place) : ErrandFact;

/// <summary>An errand as its rules see it.</summary>
public sealed record ErrandState(ImmutableList<string> Visited, ImmutableList<string> Left)
{
    public static readonly ErrandState Initial = new([], []);
}

/// <summary>
/// An errand, with an address. Each visit adds one to the counter of that name, waits at the gate <c>at PLACE</c> if the world was told to
/// <c>hold PLACE</c>, and fails while the world says so.
/// </summary>
public sealed class Errand(EntityContext context, World world) : ProcessEntity<ErrandState, ErrandFact, string>(context), IErrand
{
    protected override ErrandState Initial => ErrandState.Initial;

    protected override string Shape => "errand/1";

    public Task<Result<ErrandView>> Begin(IReadOnlyList<string> places, CallContext call) => Execute(
        call, s => s == ErrandState.Initial ? new SetOut(places) : Refusals.Exists("errand", Key), View);

    public Task Continue(CallContext call)
    {
        Nudge();
        return Task.CompletedTask;
    }

    public async Task<ErrandView> Get()
    {
        var (state, version) = await Read();
        return View(state, version);
    }

    public async Task<ErrandView> WhenDone(DateTimeOffset deadline)
    {
        await When(s => s.Left.IsEmpty && !s.Visited.IsEmpty, deadline);
        return await Get();
    }

    protected override string? Next(ErrandState state) => state.Left.FirstOrDefault();

    protected override string NameOf(string step) => $"visit/{step}";

    protected override async Task<StepResult<ErrandState, ErrandFact>> Run(string step, ErrandState state, CallContext call)
    {
        world.Log.Enqueue($"visit {step}");
        world.Check($"visit {step}");
        if (step.StartsWith("gate", StringComparison.Ordinal)) await world.Pass(step);
        await Entities.Get<ICounter>(step).Add(1, call);
        return new StepResult<ErrandState, ErrandFact>.Done(_ => new Visited(step));
    }

    protected override ErrandState Evolve(ErrandState state, ErrandFact fact) => fact switch
    {
        SetOut f => state with { Left = [.. f.Places] },
        Visited f => new ErrandState(state.Visited.Add(f.Place), state.Left.Remove(f.Place)),
        _ => throw new InvalidOperationException($"An errand does not know the fact {fact.GetType().Name}."),
    };

    private static ErrandView View(ErrandState state, long version) => new(state.Visited, state.Left, version);
}
