namespace Commerce.Journal;

/// <summary>One request on its way, and the task that its sender waits for.</summary>
public sealed class Pending<TRequest, TResult>(TRequest request)
{
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TRequest Request { get; } = request;

    public Task<TResult> Task => _done.Task;

    public void Complete(TResult result) => _done.TrySetResult(result);

    public void Fail(Exception problem) => _done.TrySetException(problem);
}

/// <summary>A whole batch of requests.</summary>
public static class CommitBatch
{
    /// <summary>Serves requests that succeed or fail together and have no result.</summary>
    public static async Task Together<TRequest>(this IReadOnlyList<Pending<TRequest, bool>> batch, Func<Task> serve)
    {
        try
        {
            await serve();
            foreach (var pending in batch) pending.Complete(true);
        }
        catch (Exception problem)
        {
            foreach (var pending in batch) pending.Fail(problem);
        }
    }
}

/// <summary>
/// Group commit: gathers requests while earlier ones are served, and serves all of them at once. When nothing is under way a request goes
/// at once, and the busier it is the larger the batches become.
/// </summary>
/// <remarks>
/// A small batch costs almost as much as one of several times its size. So after a small batch of more than one, which shows that more are
/// coming, the queue lingers for a part of the time that the batch took: on a busy machine that is long and saves most, on an idle one it
/// is next to nothing.
/// </remarks>
/// <param name="maxItems">The most requests of one batch.</param>
/// <param name="maxWeight">The most weight of one batch; a single request may be heavier.</param>
/// <param name="weight">A request's weight.</param>
/// <param name="concurrency">How many batches may be under way; one keeps the order of arrival.</param>
/// <param name="serve">Completes or fails each request of a batch.</param>
/// <param name="maxLinger">Maximum linger after a batch of several.</param>
/// <param name="clock">For the linger; null: the system's.</param>
public sealed class GroupCommitQueue<TRequest, TResult>(
    int maxItems,
    int maxWeight,
    Func<TRequest, int> weight,
    int concurrency,
    Func<IReadOnlyList<Pending<TRequest, TResult>>, Task> serve,
    TimeSpan maxLinger = default,
    TimeProvider? clock = null) : IAsyncDisposable
{
    /// <summary>Size of a batch after which there is no linger.</summary>
    private const int Enough = 16;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Queue<Pending<TRequest, TResult>> _waiting = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;
    private bool _closed;

    public Task<TResult> Add(TRequest request)
    {
        var pending = new Pending<TRequest, TResult>(request);
        lock (_waiting)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Enqueue(pending);
            if (_underWay == concurrency) return pending.Task;
            _underWay++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.Work(), this, preferLocal: false);
        return pending.Task;
    }

    /// <summary>Serves what was added, and takes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_waiting)
        {
            _closed = true;
            if (_underWay == 0) _drained.TrySetResult();
        }

        await _drained.Task;
    }

    private async Task Work()
    {
        while (Take() is { Count: > 0 } batch)
        {
            var began = _clock.GetTimestamp();
            try
            {
                await serve(batch);
            }
            catch (Exception problem)
            {
                foreach (var pending in batch) pending.Fail(new InvalidOperationException("A batch could not be served.", problem));
            }

            if (batch.Count is not (> 1 and < Enough) || maxLinger <= TimeSpan.Zero) continue;
            await Linger(_clock.GetElapsedTime(began) * (1 - ((double)batch.Count / Enough)));
        }
    }

    private Task Linger(TimeSpan taken)
    {
        lock (_waiting)
            if (_closed || _waiting.Count >= maxItems) return Task.CompletedTask;
        return Task.Delay(taken < maxLinger ? taken : maxLinger, _clock);
    }

    private List<Pending<TRequest, TResult>> Take()
    {
        lock (_waiting)
        {
            var batch = new List<Pending<TRequest, TResult>>(Math.Min(_waiting.Count, maxItems));
            for (var total = 0; batch.Count < maxItems && _waiting.TryPeek(out var next); batch.Add(_waiting.Dequeue()))
                if ((total += weight(next.Request)) > maxWeight && batch.Count > 0) break;
            if (batch.Count == 0 && --_underWay == 0 && _closed) _drained.TrySetResult();
            return batch;
        }
    }
}
