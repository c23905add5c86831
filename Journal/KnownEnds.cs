namespace Commerce.Journal;

/// <summary>
/// What this process knows of the ends of the partitions, so that a follower who has read to the end need not ask the database after every
/// commit elsewhere. Knowledge is only ever too little: a commit of this process, a notification, and every regular look void it.
/// </summary>
internal sealed class KnownEnds(int partitions)
{
    private readonly Lock _lock = new();
    private readonly long[] _growth = new long[partitions];
    private readonly (long Growth, long End)[] _seen = Enumerable.Repeat((-1L, 0L), partitions).ToArray();

    /// <summary>A mark to take before reading a partition, for <see cref="Saw"/>.</summary>
    public long Growth(int partition)
    {
        lock (_lock) return _growth[partition];
    }

    /// <summary>These partitions have facts that were not there before.</summary>
    public void Grew(IEnumerable<int> grown)
    {
        lock (_lock)
            foreach (var partition in grown) _growth[partition]++;
    }

    /// <summary>Another process may have committed to any of them.</summary>
    public void MayHaveGrown() => Grew(Enumerable.Range(0, partitions));

    /// <summary>A read that began at this mark found the partition's end there.</summary>
    public void Saw(int partition, long growth, long end)
    {
        lock (_lock)
            if (growth >= _seen[partition].Growth) _seen[partition] = (growth, end);
    }

    /// <summary>True when there is certainly nothing to read behind a position.</summary>
    public bool IsEnd(int partition, long after)
    {
        lock (_lock) return _seen[partition].Growth == _growth[partition] && after >= _seen[partition].End;
    }
}
