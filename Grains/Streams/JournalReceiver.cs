using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// Reads one partition as it grows. A read waits for a commit, but not long, and not while its agent shuts down. It always returns
/// something, if only a marker: that makes the agent register the stream, shake hands with its followers even when nothing new has
/// happened, and poll cursors again that had nothing to deliver (decision 8).
/// </summary>
internal sealed class JournalReceiver(
    int partition, IFactLog log, JournalCache cache, TimeSpan deliverEvery, Action<Exception> report, Action<JournalCache> left)
    : IQueueAdapterReceiver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private long _position = -1;

    /// <summary>Nothing to do: the first read finds the end of the partition, and retries when it fails.</summary>
    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            return _position < 0 ? await First(cancellationToken) : await Next(cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The agent shuts down.
        }
        catch (Exception problem)
        {
            report(problem);
            await Backoff.Until(Patience, TimeProvider.System, cancellationToken);
        }

        return [];
    }

    // Orleans declares this member obsolete and does not call it.
    Task<IList<IBatchContainer>> IQueueAdapterReceiver.GetQueueMessagesAsync(int maxCount) => GetQueueMessagesAsync(maxCount, default);

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    /// <summary>The queue is another silo's now.</summary>
    public Task Shutdown(TimeSpan timeout)
    {
        left(cache);
        return Task.CompletedTask;
    }

    private async Task<IList<IBatchContainer>> First(CancellationToken cancel)
    {
        _position = (await log.Heads(cancel))[partition];
        return [cache.Marker(_position)];
    }

    private async Task<IList<IBatchContainer>> Next(CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var batches = await NewOrMarker(Task.Delay(Patience, enough.Token), enough.Token);
            cache.Heard();
            return batches;
        }
        finally
        {
            await enough.CancelAsync();
        }
    }

    private async Task<IList<IBatchContainer>> NewOrMarker(Task patience, CancellationToken enough)
    {
        while (true)
        {
            var over = patience.IsCompleted || cache.Nudged.IsCompleted;
            var changed = log.Changed(partition, enough); // before the read, so that no commit is missed
            var batches = await Read();
            if (over || batches.Count > 1)
            {
                Forget(changed);
                return batches;
            }

            await Task.WhenAny(changed, cache.Nudged, patience);
            if (!changed.IsCompleted)
            {
                Forget(changed);
                continue;
            }

            await changed; // an immediate failure must not be retried at once
            await Task.WhenAny(Task.Delay(Backoff.ForTimer(Backoff.UntilNext(deliverEvery, DateTimeOffset.UtcNow)), enough), cache.Nudged);
        }
    }

    // A consumer that the agent discovers with this batch starts from the marker before the facts.
    private async Task<IList<IBatchContainer>> Read()
    {
        var marker = cache.Marker(_position);
        var (facts, _) = await log.Read(partition, _position, JournalCache.BatchSize, null, default);
        if (facts.Count == 0) return [marker];
        _position = facts[^1].Position;
        return [marker, new JournalBatch(cache.Stream, _position, [.. facts])];
    }

    // Its result is not needed any more; should it fail, the next one will too, and that is reported.
    private static void Forget(Task changed) =>
        changed.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
}
