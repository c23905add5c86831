namespace Commerce.Kernel;

/// <summary>
/// The process of one entity: after each commit the pure function <c>next</c> names the next step, and the step's effects run outside any
/// call (decision 5). A step runs again after a crash or a failure, so each is safe to repeat: operation ids come from its name.
/// </summary>
public abstract class Process
{
    /// <summary>Looks at the state again, now: a condition that a step waits for may have changed.</summary>
    public abstract void Signal();
}

/// <summary>One step of a process.</summary>
/// <param name="Name">Unique among all steps that the entity ever takes: <c>hold</c>, <c>capture/shp_1</c>.</param>
public abstract record ProcessStep(string Name)
{
    /// <summary>
    /// How often earlier steps have tried the same without success. The process waits before such a step, longer each time.
    /// </summary>
    public virtual int FailedBefore => 0;

    /// <summary>The longest pause between two runs of this step.</summary>
    public virtual TimeSpan MaxPause => TimeSpan.FromSeconds(90);
}

/// <summary>What came of one step of a process.</summary>
public abstract record StepOutcome<TState, TFact> where TFact : class
{
    private StepOutcome() { }

    /// <summary>The step is done; record what came of it, on the state as it is by then, if the step is still the next one.</summary>
    public sealed record Done(Func<TState, Decision<TFact>> Decide) : StepOutcome<TState, TFact>;

    /// <summary>
    /// Something else has to happen first, and signals the process when it does. The process also looks again from time to time.
    /// </summary>
    /// <param name="Note">Recorded so that the waiting can be seen; the rule decides nothing when it is recorded already.</param>
    public sealed record Wait(Func<TState, Decision<TFact>> Note) : StepOutcome<TState, TFact>;

    /// <summary>The step failed for now. The process runs it again, after a pause that grows with each failure.</summary>
    /// <param name="Note">Recorded so that the waiting can be seen; the rule decides nothing when it is recorded already.</param>
    /// <param name="NotBefore">The shortest pause, where the outside world has named one.</param>
    public sealed record Retry(Func<TState, Decision<TFact>> Note, TimeSpan NotBefore = default) : StepOutcome<TState, TFact>;
}

/// <summary>What a step runs with.</summary>
/// <param name="Call">The step's own call; its operation id is <c>KEY/STEP</c>.</param>
/// <param name="Key">The entity's key.</param>
public sealed record StepContext(CallContext Call, string Key)
{
    /// <summary>A call for one of several effects of the step: <c>KEY/STEP/part</c>.</summary>
    public CallContext CallFor(string part) => Call.For($"{Call.OperationId}/{part}");

    /// <summary>The call that another step makes, or has made: the same operation has no second effect.</summary>
    public CallContext CallOf(string step) => Call.For($"{Key}/{step}");
}
