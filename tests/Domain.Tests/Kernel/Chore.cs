using Commerce.Kernel;

namespace Commerce.Domain.Tests.Kernel;

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

/// <summary>What a run of the step is to do; told the how manieth run it is, from 1.</summary>
public sealed class ChoreScript(Func<int, Task<StepResult<ChoreState, ChoreFact>>> run)
{
    private int _runs;

    public int Runs => Volatile.Read(ref _runs);

    public List<CallContext> Calls { get; } = [];

    public static StepResult<ChoreState, ChoreFact> Done => new StepResult<ChoreState, ChoreFact>.Done(_ => new StepDone());

    public static StepResult<ChoreState, ChoreFact> Unchanged =>
        new StepResult<ChoreState, ChoreFact>.Done(_ => Decision<ChoreFact>.Nothing);

    public static StepResult<ChoreState, ChoreFact> Later(TimeSpan delay, string? remark = null) =>
        new StepResult<ChoreState, ChoreFact>.Later(delay, remark is null ? null : _ => new ChoreRemarked(remark));

    public Task<StepResult<ChoreState, ChoreFact>> Run(CallContext call)
    {
        lock (Calls) Calls.Add(call);
        return run(Interlocked.Increment(ref _runs));
    }
}

public sealed class Chore(EntityContext context, ChoreScript script) : ProcessEntity<ChoreState, ChoreFact, string>(context), IChore
{
    protected override ChoreState Initial { get; } = new(0, 0, null, false);

    protected override string Shape => "chore/1";

    public Task<Result<ChoreState>> Begin(int steps, CallContext call) => Execute(call, _ => new ChoreBegun(steps), (s, _) => s);

    public Task<Result<ChoreState>> Remark(string remark, CallContext call) => Execute(call, _ => new ChoreRemarked(remark), (s, _) => s);

    public Task<Result<ChoreState>> GiveUp(CallContext call) => Execute(call, _ => new GivenUp(), (s, _) => s);

    public Task Continue(CallContext call)
    {
        Nudge();
        return Task.CompletedTask;
    }

    public async Task<ChoreState> Get() => (await Read()).State;

    public Task<ChoreState> WhenDone(DateTimeOffset deadline) => When(s => s is { Left: 0, Done: > 0 } or { GivenUp: true }, deadline);

    protected override string? Next(ChoreState state) => state.Left > 0 && !state.GivenUp ? $"work/{state.Done + 1}" : null;

    protected override string NameOf(string step) => step;

    protected override Task<StepResult<ChoreState, ChoreFact>> Run(string step, ChoreState state, CallContext call) => script.Run(call);

    protected override ChoreState Evolve(ChoreState state, ChoreFact fact) => fact switch
    {
        ChoreBegun f => state with { Left = f.Steps },
        ChoreRemarked f => state with { Remark = f.Remark },
        StepDone => state with { Left = state.Left - 1, Done = state.Done + 1 },
        _ => state with { GivenUp = true },
    };
}
