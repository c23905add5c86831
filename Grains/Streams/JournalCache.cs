using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// The cache of one queue: a window of the latest facts. It is never full, because it drops the oldest; a slow consumer reads those from
/// the journal itself (<see cref="JournalCursor"/>), so that it delays no other, and any position can be rewound to (decision 8). Used in
/// turns of the queue's agent only, hence without locks.
/// </summary>
internal sealed class JournalCache(QueueId queue, IFactLog log, Action<Exception> report) : IQueueCache
{
    /// <summary>How many facts one batch has at most.</summary>
    public const int BatchSize = 256;

    private const int Kept = 2048;

    private readonly List<RecordedFact> _window = [];
    private TaskCompletionSource _nudge = NewNudge();

    /// <summary>Up to where the receiver has read the partition; -1 before its first reading.</summary>
    public long Head { get; private set; } = -1;

    /// <summary>Completes when a cursor wants the agent to poll again.</summary>
    public Task Nudged => _nudge.Task;

    /// <summary>The queue's only stream.</summary>
    public StreamId Stream { get; } = JournalQueues.Stream(queue);

    private int Partition => JournalQueues.Partition(queue);

    /// <summary>A batch without facts at that position.</summary>
    public JournalBatch Marker(long position) => new(Stream, position, []);

    /// <summary>Requests a marker from the receiver, which makes the agent start cursors that had nothing to deliver.</summary>
    public void Nudge() => _nudge.TrySetResult();

    /// <summary>The receiver has seen that it was nudged.</summary>
    public void Heard()
    {
        if (_nudge.Task.IsCompleted) _nudge = NewNudge();
    }

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var batch in messages.Cast<JournalBatch>())
        {
            if (Head >= 0) _window.AddRange(batch.Facts.Where(f => f.Position > Head));
            Head = Math.Max(Head, batch.Position);
        }

        if (_window.Count > 2 * Kept) _window.RemoveRange(0, _window.Count - Kept);
    }

    /// <summary>The facts after <paramref name="position"/>, when the window has them; empty when there are none yet.</summary>
    /// <returns>False when they are older than the window.</returns>
    public bool TryTake(long position, out RecordedFact[] facts)
    {
        facts = [];
        if (position >= Head) return true;
        var oldest = Head - _window.Count + 1; // positions have no gaps
        if (position + 1 < oldest) return false;
        var first = (int)(position + 1 - oldest);
        facts = [.. _window.GetRange(first, Math.Min(BatchSize, _window.Count - first))];
        return true;
    }

    /// <summary>The facts after <paramref name="position"/>, from the journal.</summary>
    public async Task<RecordedFact[]> Read(long position, CancellationToken cancel) =>
        [.. (await log.Read(Partition, position, BatchSize, null, cancel)).Facts];

    /// <summary>Reports a failure that no consumer sees.</summary>
    public void Report(Exception problem) => report(problem);

    /// <summary>
    /// A cursor that gives what comes after <paramref name="token"/>; without one, what comes after what has been read so far.
    /// </summary>
    public QueueCacheCursorResult<IQueueCacheCursor> TryGetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        QueueCacheCursorResult<IQueueCacheCursor>.FromCursor(new JournalCursor(this, token?.SequenceNumber ?? Math.Max(0, Head)));

    // Orleans declares this member obsolete and does not call it.
    IQueueCacheCursor IQueueCache.GetCacheCursor(StreamId streamId, StreamSequenceToken? token) =>
        TryGetCacheCursor(streamId, token).Cursor!;

    public int GetMaxAddCount() => BatchSize;

    public bool IsUnderPressure() => false;

    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        purgedItems = [];
        return false;
    }

    private static TaskCompletionSource NewNudge() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
