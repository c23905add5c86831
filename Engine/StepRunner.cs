using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>The times that every process keeps.</summary>
public static class ProcessTimes
{
    /// <summary>An unfinished process gets an alarm when it has not gone on for this time: it may have died with its host.</summary>
    public static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long one step's calls may take.</summary>
    public static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Poll interval of a step that waits for a signal.</summary>
    public static readonly TimeSpan WaitInterval = TimeSpan.FromSeconds(30);

    internal static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(10);
    internal static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan FirstRetryOfFault = TimeSpan.FromMilliseconds(200);
    internal static readonly TimeSpan MaxRetryOfFault = TimeSpan.FromSeconds(20);
}

/// <summary>
/// Takes the steps of one entity's process, one after the other, outside any call (decision 5). If its host dies, the alarms find
/// what it has left unfinished and resume it elsewhere.
/// </summary>
internal sealed class StepRunner<TState, TFact, TStep> : Process, IEntityProcess
    where TState : class
    where TFact : class
    where TStep : ProcessStep
{
    private readonly JournaledDecider<TState, TFact> _decider;
    private readonly Func<TState, TStep?> _next;
    private readonly Func<TStep, TState, StepContext, Task<StepOutcome<TState, TFact>>> _run;
    private readonly HostedEntity _host;
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _signal = new();
    private bool _pausing;
    private (string Step, int Times) _retried = ("", 0); // how often in a row the present step has failed
    private string? _pausedBefore;

    public StepRunner(
        JournaledDecider<TState, TFact> decider, Func<TState, TStep?> next,
        Func<TStep, TState, StepContext, Task<StepOutcome<TState, TFact>>> run, HostedEntity host)
    {
        (_decider, _next, _run, _host) = (decider, next, run, host);
        decider.HasStep = state => next(state) is not null;
        decider.HasProcess = true;
        decider.OnCommitted = OnCommitted;
    }

    public Task Work { get; private set; } = Task.CompletedTask;

    public override void Signal()
    {
        _signal.TrySetResult();
        Proceed();
    }

    public void Proceed()
    {
        if (Work.IsCompleted && !_stopping.IsCancellationRequested) Work = Drive();
    }

    public async Task Stop()
    {
        _stopping.Cancel(); // in this turn: CancelAsync would go to the thread pool, which is not the entity's
        await Work;
        await _decider.HandOver();
    }

    private void OnCommitted()
    {
        if (_pausing) _signal.TrySetResult(); // not the process's own commit: there may be something else to do now
        Proceed();
    }

    private async Task Drive()
    {
        await Task.Yield(); // leave the turn of the call that committed: it must not wait for this
        for (var faults = 0; !_stopping.IsCancellationRequested;)
        {
            try
            {
                _signal = new TaskCompletionSource();
                var (state, version) = await _decider.Read();
                if (_next(state) is not { } step) return;
                if (step.FailedBefore > 0 && _pausedBefore != step.Name) await PauseBefore(step);
                else await Take(step, state, version);
                faults = 0;
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                _host.Report(problem);
                await Pause(Backoff.After(++faults, ProcessTimes.FirstRetryOfFault, ProcessTimes.MaxRetryOfFault, _host.Random));
            }
        }
    }

    private async Task Take(TStep step, TState state, long version)
    {
        var call = CallContext.Following(
            $"{_host.Key}/{step.Name}", _decider.Origin, _host.Now + ProcessTimes.StepTimeout, _decider.LastTrace);
        switch (await _run(step, state, new StepContext(call, _host.Key)))
        {
            case StepOutcome<TState, TFact>.Done done:
                await Finish(step, done.Decide, call, version);
                break;
            case StepOutcome<TState, TFact>.Wait wait:
                await Postpone(step, wait.Note, ProcessTimes.WaitInterval, call, version);
                break;
            case StepOutcome<TState, TFact>.Retry retry:
                var pause = RetryPause(step);
                await Postpone(step, retry.Note, pause > retry.NotBefore ? pause : retry.NotBefore, call, version);
                break;
        }
    }

    private async Task Finish(TStep step, Func<TState, Decision<TFact>> decide, CallContext call, long version)
    {
        var (answer, facts) = await Record(step, decide, call.For($"{call.OperationId}@{version}"));
        if (facts > 0) return;
        await _decider.DrainAppends(); // something else may have been decided meanwhile, and is still under way
        if (answer is { Accepted: true, Value: var seen } && seen > version) return;
        if ((await _decider.Read()).Version > version) return;
        throw new InvalidOperationException( // without a pause the same step would run in a tight loop
            $"The step {call.OperationId} is done, but nothing came of it: {answer.Refusal?.Detail ?? "its outcome holds no fact."}");
    }

    private async Task Postpone(
        TStep step, Func<TState, Decision<TFact>> note, TimeSpan pause, CallContext call, long version)
    {
        var (_, facts) = await Record(step, note, call.For($"{call.OperationId}/waiting@{version}"), waits: true);
        var own = version + facts;
        if ((await _decider.Read()).Version <= own) await Pause(pause); // else a command has changed something while the step ran
    }

    // Where the step is not the next one any more, its outcome is recorded already, or the process was turned around.
    private async Task<(Result<long> Answer, int Facts)> Record(
        TStep step, Func<TState, Decision<TFact>> decide, CallContext call, bool waits = false)
    {
        var facts = 0;
        var answer = await _decider.Record(call, Counted, waits);
        return (answer, facts);

        Decision<TFact> Counted(TState state)
        {
            var decision = _next(state)?.Name == step.Name ? decide(state) : Decision<TFact>.Nothing;
            facts = decision.Facts.Count;
            return decision;
        }
    }

    private Task PauseBefore(TStep step)
    {
        _pausedBefore = step.Name;
        return Pause(Backoff.After(step.FailedBefore, ProcessTimes.FirstRetry, step.MaxPause, _host.Random));
    }

    private TimeSpan RetryPause(TStep step)
    {
        _retried = (step.Name, _retried.Step == step.Name ? _retried.Times + 1 : 1);
        return Backoff.After(_retried.Times, ProcessTimes.FirstRetry, step.MaxPause, _host.Random);
    }

    private async Task Pause(TimeSpan delay)
    {
        _pausing = true;
        var pause = JournaledDecider<TState, TFact>.Bounded(delay < ProcessTimes.MinPause ? ProcessTimes.MinPause : delay);
        await Backoff.Until(_signal, pause, _host.Clock, _stopping.Token);
        _pausing = false;
        await Task.Yield(); // leave the turn of the call that woke it
    }
}
