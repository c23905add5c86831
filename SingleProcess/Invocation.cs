using System.Diagnostics;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>One call under way to an entity.</summary>
internal abstract class Invocation(EntityMethod method, object?[] args, bool external)
{
    /// <summary>True when it starts at once, even while others wait for something.</summary>
    public bool Overlaps => Method.Overlaps;

    /// <summary>True when it comes from outside the engine: a graceful stop takes no more of these.</summary>
    public bool External { get; } = external;

    /// <summary>What the caller awaits.</summary>
    public abstract Task Answer { get; }

    protected EntityMethod Method { get; } = method;

    protected object?[] Args { get; } = args;

    /// <summary>True when the deadline has passed.</summary>
    public bool ExpiredAt(DateTimeOffset now) => Method.CallOf(Args)?.Deadline <= now;

    /// <summary>Runs it to its end, as turns of the entity. Never faults: what goes wrong goes to the caller.</summary>
    public abstract Task Run(Activation activation);

    /// <summary>Completes the call with a failure.</summary>
    public abstract void Fail(Exception problem);

    /// <summary>Completes the call with the failure that its deadline had passed before its turn came.</summary>
    public void Expire(EntityId entity) => Fail(CallTracing.TooLate(entity, Method.CallOf(Args), Method.Name));

    protected Activity? Trace(EntityId entity) =>
        CallTracing.Trace(Method.CallOf(Args), Method.Name)?.AddTag("entity", entity.ToString());
}

/// <summary>A call whose answer is a <typeparamref name="T"/>.</summary>
internal sealed class Invocation<T>(EntityMethod method, object?[] args, bool external, TaskScheduler? answerOn)
    : Invocation(method, args, external)
{
    // The caller continues in a turn of its own, never inside one of the called entity. Combined answers, such as Task.WhenAll, would use
    // the thread pool for that; so with a scheduler that replaces the pool, the answer itself is given there.
    private readonly TaskCompletionSource<T> _answer =
        new(answerOn is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    public override Task Answer => _answer.Task;

    public override async Task Run(Activation activation)
    {
        try
        {
            if (ExpiredAt(activation.Now))
            {
                Expire(activation.Id);
                return;
            }

            Succeed(await Traced(activation));
        }
        catch (Exception problem)
        {
            Fail(problem);
        }
        finally
        {
            activation.Finished(this);
        }
    }

    public override void Fail(Exception problem)
    {
        if (answerOn is null) _answer.TrySetException(problem);
        else FireAndForget.Start(_ => _answer.TrySetException(problem), null, answerOn);
    }

    // The span ends before the answer is given, so that the caller finds the whole trace.
    private async Task<T> Traced(Activation activation)
    {
        using var trace = Trace(activation.Id);
        var task = Method.Invoke(activation.Entity, Args);
        if (task is Task<T> answering) return await answering;
        await task;
        return default!;
    }

    private void Succeed(T answer)
    {
        if (answerOn is null) _answer.TrySetResult(answer);
        else FireAndForget.Start(_ => _answer.TrySetResult(answer), null, answerOn);
    }
}
