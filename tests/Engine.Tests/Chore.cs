using System.Globalization;
using Commerce.Kernel;

namespace Commerce.Engine.Tests;

/// <summary>An entity with a process of one step after another, each of which does what the test says.</summary>
public interface IChore : IEntity
{
    Task<Result<ChoreState>> Begin(int steps, CallContext call);

    Task<Result<ChoreState>> Remark(string remark, CallContext call);

    Task<Result<ChoreState>> GiveUp(CallContext call);

    Task Continue(CallContext call);

    [Interleaved]
    Task<ChoreState> Get();

    [Interleaved]
    Task<ChoreState> WhenDone(DateTimeOffset deadline);
}

public abstract record ChoreFact;

public sealed record ChoreBegun(int Steps) : ChoreFact;

public sealed record ChoreRemarked(string Remark) : ChoreFact;

public sealed record StepDone : ChoreFact;

public sealed record GivenUp : ChoreFact;

public sealed record ChoreState(int Left, int Done, string? Remark, bool GivenUp);

/// <summary>What a run of the step does; it gets the number of the run, from 1.</summary>
public sealed class ChoreScript(Func<int, Task<StepOutcome<ChoreState, ChoreFact>>> run)
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public List<CallContext> Calls { get; } = [];

    /// <summary>What the steps say of failures before them.</summary>
    public int FailedBefore { get; init; }

    public static StepOutcome<ChoreState, ChoreFact> Done => new StepOutcome<ChoreState, ChoreFact>.Done(_ => new StepDone());

    public static StepOutcome<ChoreState, ChoreFact> Unchanged =>
        new StepOutcome<ChoreState, ChoreFact>.Done(_ => Decision<ChoreFact>.Nothing);

    public static StepOutcome<ChoreState, ChoreFact> Wait(string remark) =>
        new StepOutcome<ChoreState, ChoreFact>.Wait(_ => new ChoreRemarked(remark));

    /// <summary>
    /// The step failed; it runs again after <paramref name="notBefore"/>, or after the pause of the process if that is longer.
    /// </summary>
    public static StepOutcome<ChoreState, ChoreFact> Retry(TimeSpan notBefore, string? remark = null) =>
        new StepOutcome<ChoreState, ChoreFact>.Retry(
            _ => remark is null ? Decision<ChoreFact>.Nothing : new ChoreRemarked(remark), notBefore);

    public Task<StepOutcome<ChoreState, ChoreFact>> Run(CallContext call)
    {
        lock (Calls) Calls.Add(call);
        return run(Interlocked.Increment(ref _runs));
    }
}

/// <summary>A step of a chore. Every second one may follow failures of others.</summary>
public sealed record Work(int Number, int Failures) : ProcessStep($"work/{Number}")
{
    public override int FailedBefore => Failures;
}

/// <summary>A chore, with an address. A remark that is a time says when it will be late.</summary>
public sealed class Chore : IChore
{
    private static readonly EntityDefinition<ChoreState, ChoreFact> Definition = new("chore/1", new(0, 0, null, false), Evolve)
    {
        WhenDue = new(
            (s, _) => DateTimeOffset.TryParse(s.Remark, CultureInfo.InvariantCulture, out var at) ? at : null,
            (_, _) => new ChoreRemarked("late")),
    };

    private readonly Decider<ChoreState, ChoreFact> _chore;
    private readonly Process _process;

    public Chore(EntityContext context)
    {
        var script = context.Port<ChoreScript>();
        _chore = context.Decider(Definition);
        _process = context.Process<ChoreState, ChoreFact, Work>(
            _chore,
            state => state.Left > 0 && !state.GivenUp ? new Work(state.Done + 1, script.FailedBefore) : null,
            (_, _, step) => script.Run(step.Call));
    }

    public Task<Result<ChoreState>> Begin(int steps, CallContext call) => _chore.Decide(call, _ => new ChoreBegun(steps), (s, _) => s);

    public Task<Result<ChoreState>> Remark(string remark, CallContext call) =>
        _chore.Decide(call, _ => new ChoreRemarked(remark), (s, _) => s);

    public Task<Result<ChoreState>> GiveUp(CallContext call) => _chore.Decide(call, _ => new GivenUp(), (s, _) => s);

    public Task Continue(CallContext call)
    {
        _process.Signal();
        return Task.CompletedTask;
    }

    public async Task<ChoreState> Get() => (await _chore.Read()).State;

    public Task<ChoreState> WhenDone(DateTimeOffset deadline) =>
        _chore.When(s => s is { Left: 0, Done: > 0 } or { GivenUp: true }, deadline);

    private static ChoreState Evolve(ChoreState state, ChoreFact fact) => fact switch
    {
        ChoreBegun f => state with { Left = f.Steps },
        ChoreRemarked f => state with { Remark = f.Remark },
        StepDone => state with { Left = state.Left - 1, Done = state.Done + 1 },
        _ => state with { GivenUp = true },
    };
}
