using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>
/// Retries a call whose answer was lost (decision 9): because a silo died or left, a connection broke, or a silo was too busy. Every call
/// of a contract is safe to repeat (a command by its operation id), and before its deadline a caller prefers an answer to an error.
/// </summary>
/// <remarks>
/// Reads that wait for something (<c>WhenSettled</c>) are split into pieces, each well below <see cref="ClusterTimeouts.Response"/>: a lost
/// piece is noticed early however long the whole wait is, and a leaving silo is not held up by them. A retry is a new request to the same
/// entity: the first may still be under way in this process, and a request object serves one call only.
/// </remarks>
internal sealed class RetryingCallFilter(TimeProvider clock, InFlightCalls? outside = null) : IOutgoingGrainCallFilter
{
    // Marks a retry for this filter: it begins on this thread, within AskAgain.
    [ThreadStatic]
    private static bool _askingAgain;

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (_askingAgain) _askingAgain = false;
        else if (ContractMethod.Find(context.InterfaceMethod) is { } method) return Send(context, method);
        return context.Invoke();
    }

    private async Task Send(IOutgoingGrainCallContext context, ContractMethod method)
    {
        outside?.Enter();
        try
        {
            var arguments = context.Request.Arguments();
            var patience = clock.GetUtcNow() + ClusterTimeouts.Patience;
            if (method.DeadlineIndex < 0) await Repeat(context, method, arguments, method.CallOf(context.Request)?.Deadline ?? patience);
            else await WaitInPieces(context, method, arguments, patience);
        }
        finally
        {
            outside?.Leave();
        }
    }

    private async Task WaitInPieces(IOutgoingGrainCallContext context, ContractMethod method, object?[] arguments, DateTimeOffset patience)
    {
        var until = (DateTimeOffset)arguments[method.DeadlineIndex]!;
        for (var fresh = true; ; fresh = false)
        {
            var now = clock.GetUtcNow();
            var end = until - now > ClusterTimeouts.WaitPiece ? now + ClusterTimeouts.WaitPiece : until;
            arguments[method.DeadlineIndex] = end;
            if (fresh) context.Request.SetArgument(method.DeadlineIndex, end);
            await Repeat(context, method, arguments, until > patience ? until : patience, fresh);

            // Answered before the end of the piece: the awaited state has come. Clocks differ a little, so near the end it is read again.
            if (end == until || end - clock.GetUtcNow() > ClusterTimeouts.ClockDifference) return;
        }
    }

    private async Task Repeat(
        IOutgoingGrainCallContext context, ContractMethod method, object?[] arguments, DateTimeOffset until, bool fresh = true)
    {
        var mayBeDone = false;
        for (var failures = 0; ; fresh = false)
        {
            Exception lost;
            try
            {
                if (!fresh) context.Result = await AskAgain(context, method, arguments);
                else await context.Invoke();
                if (context.Response?.Exception is not { } problem || !TransientFailures.Passes(problem)) return; // it is the caller's
                lost = problem;
            }
            catch (Exception problem) when (TransientFailures.Passes(problem))
            {
                lost = problem;
            }
            catch (UnavailableException refused) when (mayBeDone && method.IsCommand)
            {
                throw GaveUp(context, method, mayBeDone, refused); // this try has done nothing, but one before it may have
            }

            mayBeDone |= TransientFailures.LeavesDoubt(lost);
            var pause = ClusterTimeouts.Pause(++failures);
            var stopping = lost is ObjectDisposedException || outside is { IsClosed: true }; // no caller waits for long any more
            if (stopping || clock.GetUtcNow() + pause >= until) throw GaveUp(context, method, mayBeDone, lost);
            await Task.Delay(pause); // real time, also where the domain's clock is a test's
        }
    }

    private static Task<object?> AskAgain(IOutgoingGrainCallContext context, ContractMethod method, object?[] arguments)
    {
        _askingAgain = true;
        try
        {
            return method.Ask(context.Grain, arguments);
        }
        finally
        {
            _askingAgain = false;
        }
    }

    private static UnavailableException GaveUp(IOutgoingGrainCallContext context, ContractMethod method, bool mayBeDone, Exception lost)
    {
        var what = $"{method.Name} of {context.TargetId.ToEntity()}";
        return method.IsCommand && mayBeDone
            ? new OutcomeUnknownException($"{what} was sent, but its answer was lost; the same request again tells what came of it.", lost)
            : new UnavailableException($"{what} could not be answered in time. Nothing was changed by it.", TimeSpan.FromSeconds(2), lost);
    }
}
