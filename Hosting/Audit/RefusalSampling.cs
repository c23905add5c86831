namespace Commerce.Hosting;

/// <summary>
/// Which refusals are recorded: the first ten of a minute, then ever fewer, each standing for those since the last. A flood of them fills
/// no disk.
/// </summary>
public sealed class RefusalSampling(TimeProvider clock)
{
    private const long Each = 10;

    private readonly Lock _gate = new();
    private long _minute;
    private long _seen; // in this minute
    private long _left; // not recorded yet

    /// <summary>How many refusals to record one entry for; null: none now.</summary>
    public long? Take()
    {
        lock (_gate)
        {
            var minute = clock.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
            if (minute != _minute) (_minute, _seen) = (minute, 0);
            (_seen, _left) = (_seen + 1, _left + 1);
            if (_seen > Each && !long.IsPow2(_seen)) return null;
            var times = _left;
            _left = 0;
            return times;
        }
    }
}
