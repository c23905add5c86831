using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>
/// The calls that a process outside the silos has under way. To stop gracefully (E7) it takes no more of them, and waits for those that
/// it has taken.
/// </summary>
public sealed class InFlightCalls
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay = 1; // one more than calls: gone when it is closed
    private int _closed;

    /// <summary>True once no more calls are taken.</summary>
    internal bool IsClosed => Volatile.Read(ref _closed) == 1;

    /// <summary>Takes no more calls; completes when those that were taken have been answered.</summary>
    public Task Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0) Leave();
        return _drained.Task;
    }

    internal void Enter()
    {
        Interlocked.Increment(ref _underWay);
        if (!IsClosed) return;
        Leave();
        throw new UnavailableException("The service is stopping; it takes no more calls.", TimeSpan.FromSeconds(2));
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _underWay) == 0) _drained.TrySetResult();
    }
}
