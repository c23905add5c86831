using System.Runtime.InteropServices;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Cache of the latest facts of each partition, and of the known ends of the partitions (decision 8). All followers share one read of the
/// database, and facts that this process has committed are not read at all. A known end is only ever too low: a commit of this process, a
/// notification and every poll invalidate it.
/// </summary>
internal sealed class TailCache(int partitions)
{
    /// <summary>Minimum number of recent facts cached per partition.</summary>
    private const int Kept = 512;

    private readonly Lock _lock = new();
    private readonly Window[] _windows = [.. Enumerable.Range(0, partitions).Select(_ => new Window())];

    /// <summary>A mark to take before reading a partition, or before committing to it.</summary>
    public long Growth(int partition)
    {
        lock (_lock) return _windows[partition].Growth;
    }

    /// <summary>These may have more facts, or any if null.</summary>
    public void MayHaveGrown(IReadOnlyCollection<int>? grown = null)
    {
        lock (_lock)
            foreach (var partition in grown?.Where(p => p < _windows.Length) ?? Enumerable.Range(0, _windows.Length))
                _windows[partition].Growth++;
    }

    /// <summary>The partitions reach to these positions at the least.</summary>
    public void Heard(IReadOnlyList<long> heads)
    {
        lock (_lock)
            foreach (var (window, head) in _windows.Zip(heads))
                if (head > window.End) window.Growth++;
    }

    /// <summary>This process has committed to a partition, of which it had this mark before.</summary>
    /// <param name="facts">What it has committed, in order and without others between.</param>
    public void Committed(int partition, long mark, IReadOnlyList<RecordedFact> facts)
    {
        lock (_lock)
        {
            var window = _windows[partition];
            var alone = window.Growth++ == mark;
            if (window.Add(facts) && alone && window.End == facts[^1].Position) window.EndSeenAt = window.Growth;
        }
    }

    /// <summary>A read that began at this mark found these facts of a partition; and its end, unless that is null.</summary>
    public void Saw(int partition, long mark, IReadOnlyList<RecordedFact> facts, long? end)
    {
        lock (_lock)
        {
            var window = _windows[partition];
            if (window.End < 0) window.End = end ?? -1;
            else window.Add(facts);
            if (window.End == end && mark > window.EndSeenAt) window.EndSeenAt = mark;
        }
    }

    /// <summary>Takes the keys of an entity's facts out of memory.</summary>
    public void Erase(int partition, EntityId entity, IReadOnlyList<Purpose> purposes)
    {
        lock (_lock) _windows[partition].Erase(entity, purposes);
    }

    /// <summary>The position of the last fact in memory; -1 when there is none, because no end was seen yet.</summary>
    public long End(int partition)
    {
        lock (_lock) return _windows[partition].End;
    }

    /// <summary>True when the facts behind a position are in memory, or would be next.</summary>
    public bool Has(int partition, long after)
    {
        lock (_lock) return _windows[partition] is { End: >= 0 } window && after >= window.Start;
    }

    /// <summary>
    /// Facts after a position, up to the limit. False when the cache cannot answer; when it is <paramref name="fresh"/>, the facts that it
    /// has suffice.
    /// </summary>
    public bool TryRead(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, bool fresh,
        out (IReadOnlyList<RecordedFact> Facts, long SeenTo) read)
    {
        lock (_lock)
        {
            var window = _windows[partition];
            var whole = window.End >= 0 && window.EndSeenAt == window.Growth;
            read = ([], after);
            if (after >= window.End) return whole;
            if (after < window.Start) return false;
            var facts = new List<RecordedFact>();
            foreach (var fact in window.After(after))
            {
                if (types is null || types.Contains(fact.Fact.Type)) facts.Add(fact);
                read = (facts, fact.Position);
                if (facts.Count == limit) return true;
            }

            return whole || fresh;
        }
    }

    private sealed class Window
    {
        private readonly List<RecordedFact> _facts = [];

        /// <summary>Counts the events that have invalidated the known end.</summary>
        public long Growth { get; set; }

        /// <summary>The count at which the end was where this window ends.</summary>
        public long EndSeenAt { get; set; } = -1;

        /// <summary>The position of the last fact; -1 when the window has not begun.</summary>
        public long End { get; set; } = -1;

        /// <summary>The position before the first fact.</summary>
        public long Start => End - _facts.Count;

        public ReadOnlySpan<RecordedFact> After(long position) => CollectionsMarshal.AsSpan(_facts)[(int)(position - Start)..];

        public void Erase(EntityId entity, IReadOnlyList<Purpose> purposes)
        {
            foreach (ref var fact in CollectionsMarshal.AsSpan(_facts))
                if (fact.Entity == entity)
                    fact = fact with { Fact = fact.Fact with { Keys = RowKeys.Without(fact.Fact.Keys, purposes) } };
        }

        /// <summary>Adds what is new of them; false when something is missing before them, or the window has not begun.</summary>
        public bool Add(IReadOnlyList<RecordedFact> facts)
        {
            if (End < 0 || (facts.Count > 0 && facts[0].Position > End + 1)) return false;
            foreach (var fact in facts.Where(f => f.Position == End + 1))
            {
                if (_facts.Count >= 2 * Kept) _facts.RemoveRange(0, Kept);
                _facts.Add(fact);
                End = fact.Position;
            }

            return true;
        }
    }
}
