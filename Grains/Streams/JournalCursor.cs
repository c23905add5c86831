using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// One consumer's position in one partition: everything up to it is known to the consumer. Later facts come from the window or, when they
/// are older than that, from the journal. <see cref="MoveNextWithResult"/> may not wait, so it starts a read and returns nothing yet; after
/// the read the agent is made to poll again.
/// </summary>
internal sealed class JournalCursor(JournalCache cache, long position) : IQueueCacheCursor
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _done = new();
    private JournalBatch? _current;
    private RecordedFact[]? _read; // what follows the position, from the journal
    private bool _reading;
    private bool _marked;

    public IBatchContainer GetCurrent(out Exception exception)
    {
        exception = null!; // Orleans' declaration is not nullable, but null is allowed
        return _current!;
    }

    public QueueCacheCursorMoveResult MoveNextWithResult() =>
        Next() ? QueueCacheCursorMoveResult.Success : QueueCacheCursorMoveResult.NoData;

    // Orleans declares this member obsolete and does not call it.
    bool IQueueCacheCursor.MoveNext() => Next();

    private bool Next()
    {
        // After a handshake the agent skips what it takes for the last known batch, but only on one of its two ways here. So there is
        // always a marker first, which may be skipped or delivered (decision 8). It also wakes a consumer that is not in memory.
        if (!_marked)
        {
            _marked = true;
            _current = cache.Marker(position);
            return true;
        }

        if (cache.TryTake(position, out var facts)) return Give(facts);
        if (_read is { } read)
        {
            _read = null;
            Give(read);
            if (!cache.TryTake(position, out _)) Prefetch(); // while the consumer is busy with this one
            return true;
        }

        Prefetch();
        return false;
    }

    /// <summary>Nothing to refresh: a cursor at the end finds new facts by itself.</summary>
    public void Refresh(StreamSequenceToken token)
    {
    }

    /// <summary>
    /// Called when the agent gives up on a batch. With our options it practically never does, and the failure handler reports it.
    /// </summary>
    public void RecordDeliveryFailure()
    {
    }

    public void Dispose()
    {
        _done.Cancel();
        _done.Dispose();
    }

    private bool Give(RecordedFact[] facts)
    {
        if (facts.Length == 0) return false;
        position = facts[^1].Position;
        _current = new JournalBatch(cache.Stream, position, facts);
        return true;
    }

    private void Prefetch()
    {
        if (_reading) return;
        _reading = true;
        _ = Read(position, _done.Token);
    }

    // Continues in turns of the agent, where it was called. A failure is not final: the agent polls again, and the read is retried.
    private async Task Read(long after, CancellationToken cancel)
    {
        try
        {
            var facts = await cache.Read(after, cancel);
            if (facts.Length > 0) _read = facts;
            else await Task.Delay(PauseAfterFailure, cancel); // the head is known, so there will be some
        }
        catch (Exception) when (cancel.IsCancellationRequested)
        {
            return;
        }
        catch (Exception problem)
        {
            cache.Report(problem);
            await Backoff.Until(PauseAfterFailure, TimeProvider.System, cancel);
        }

        _reading = false;
        cache.Nudge();
    }
}
