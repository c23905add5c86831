namespace Commerce.Kernel;

/// <summary>What came of one step of a process.</summary>
public abstract record StepResult<TState, TFact> where TFact : class
{
    private StepResult() { }

    /// <summary>The step is done; record what came of it. Decided on the state as it is by then.</summary>
    public sealed record Done(Func<TState, Decision<TFact>> Decide) : StepResult<TState, TFact>;

    /// <summary>
    /// The step cannot be finished now (a provider is away). It runs again after <paramref name="Delay"/>, or sooner when the entity is
    /// nudged; <paramref name="Note"/>, if any, is recorded first so that the waiting can be seen.
    /// </summary>
    public sealed record Later(TimeSpan Delay, Func<TState, Decision<TFact>>? Note = null) : StepResult<TState, TFact>;
}

/// <summary>
/// An entity with a process: after each commit the pure function <see cref="Next"/> tells the next step, whose effects run outside any
/// call, so that calls never wait for them. A step is run again after a crash or a failure, so each must be safe to repeat: it uses
/// operation ids made of the entity's key and the step. The wake-up time set with every unfinished state is what resumes it elsewhere.
/// </summary>
public abstract class ProcessEntity<TState, TFact, TStep> : Entity<TState, TFact>
    where TState : class
    where TFact : class
    where TStep : class
{
    /// <summary>After its last commit an unfinished process is resumed by its alarm: not later than this, nor before half of it.</summary>
    public static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long one step's calls may take.</summary>
    public static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxBackoff = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _nudged = new();
    private Task _background = Task.CompletedTask;
    private DateTimeOffset _resumeAt;
    private bool _pausing;

    /// <summary>Called by an engine.</summary>
    protected ProcessEntity(EntityContext context) : base(context) { }

    /// <inheritdoc/>
    public sealed override Task Background => _background;

    /// <summary>The next step from this state, or null when there is nothing to do. Pure.</summary>
    protected abstract TStep? Next(TState state);

    /// <summary>Performs the step's effects. It must not touch the entity other than through its result.</summary>
    protected abstract Task<StepResult<TState, TFact>> Run(TStep step, TState state, CallContext call);

    /// <summary>The step's name, unique among all steps this entity ever takes: <c>hold</c>, <c>capture/shp_1</c>.</summary>
    protected abstract string NameOf(TStep step);

    /// <summary>When the business (not the process) wants this state to be woken, such as at an expiry.</summary>
    protected virtual DateTimeOffset? DueAt(TState state) => null;

    /// <summary>What to do when <see cref="DueAt"/> has come.</summary>
    protected virtual Task OnDue() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override DateTimeOffset? WakeAt(TState state)
    {
        DateTimeOffset? due = DueAt(state), resume = Next(state) is null ? null : ResumeAt(Now);
        return due is null || resume < due ? resume ?? due : due;
    }

    /// <inheritdoc/>
    public sealed override async Task Wake()
    {
        var (state, _) = await Read();
        Proceed();
        if (DueAt(state) <= Now) await OnDue();
    }

    /// <summary>Looks at the state again, now: something that a step waits for may have changed.</summary>
    protected void Nudge()
    {
        _nudged.TrySetResult();
        Proceed();
    }

    /// <inheritdoc/>
    protected sealed override void OnCommitted()
    {
        if (_pausing) _nudged.TrySetResult(); // not the process's own commit: there may be something else to do now
        Proceed();
    }

    /// <inheritdoc/>
    public sealed override async Task Stop()
    {
        _stopping.Cancel(); // in this turn: CancelAsync would go to the thread pool, which is not the entity's
        await _background;
    }

    // The alarm that was set before will do while it is far enough away: to move it with each step would change an index each time.
    private DateTimeOffset ResumeAt(DateTimeOffset now)
    {
        var left = _resumeAt - now; // more than it may be when the clock was set back
        return left >= ResumeAfter / 2 && left <= ResumeAfter ? _resumeAt : _resumeAt = now + ResumeAfter;
    }

    private void Proceed()
    {
        if (_background.IsCompleted && !_stopping.IsCancellationRequested) _background = Drive();
    }

    private async Task Drive()
    {
        await Task.Yield(); // leave the turn of the call that committed: it must not wait for this
        for (var failures = 0; !_stopping.IsCancellationRequested;)
        {
            try
            {
                _nudged = new TaskCompletionSource();
                var (state, version) = await Read();
                if (Next(state) is not { } step) return;
                var call = new CallContext($"{Key}/{NameOf(step)}", Caller.System, Now + StepTimeout, TraceParent: LastTrace);
                var result = await Run(step, state, call);
                if (result is StepResult<TState, TFact>.Later later) await Postpone(later, call, version);
                else await Finish((StepResult<TState, TFact>.Done)result, call, version);
                failures = 0;
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                Report(problem);
                await Pause(Backoff.After(++failures, FirstBackoff, MaxBackoff, Random));
            }
        }
    }

    // An outcome without facts is not kept as an answer: it would stand in the way of a later one of the same step at the same version.
    private async Task Finish(StepResult<TState, TFact>.Done done, CallContext step, long version)
    {
        var facts = 0;
        var answer = await Execute(step.For($"{step.OperationId}@{version}"), Counted, (_, v) => v, keepAlways: false);
        if (facts > 0) return;
        await Decided(); // somebody may have decided something else meanwhile, and that is still under way
        if (answer is { Accepted: true, Value: var seen } && seen > version) return;
        if ((await Read()).Version > version) return;
        throw new InvalidOperationException( // to go on at once would be to do the same again, for ever
            $"The step {step.OperationId} is done, but nothing came of it: {answer.Refusal?.Detail ?? "its outcome holds no fact."}");

        Decision<TFact> Counted(TState state)
        {
            var decision = done.Decide(state);
            facts = decision.Facts.Count;
            return decision;
        }
    }

    private async Task Postpone(StepResult<TState, TFact>.Later later, CallContext step, long version)
    {
        var known = version;
        if (later.Note is { } note)
        {
            var noted = await Execute(step.For($"{step.OperationId}/waiting@{version}"), note, (_, v) => v, keepAlways: false);
            if (noted.Accepted) known = noted.Value;
        }

        if ((await Read()).Version <= known) await Pause(later.Delay); // else others have changed something while the step ran
    }

    private async Task Pause(TimeSpan delay)
    {
        _pausing = true;
        await Backoff.Until(_nudged, Bounded(delay < MinPause ? MinPause : delay), Clock, _stopping.Token);
        _pausing = false;
        await Task.Yield(); // leave the turn of the call that woke it
    }
}
