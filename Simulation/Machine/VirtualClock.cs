namespace Commerce.Simulation;

/// <summary>
/// The one clock. It stands still while anything is ready to run; then it moves to the next timer. A process sees it through
/// <see cref="Of"/>: somewhat early or late, and no timer of it rings once it was killed.
/// </summary>
internal sealed class VirtualClock
{
    private readonly PriorityQueue<VirtualTimer, (long Due, long Order)> _timers = new();
    private long _order;
    private long _now = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero).Ticks;

    public VirtualClock() => World = new ClockView(this, TimeSpan.Zero);

    /// <summary>Now, without any error.</summary>
    public DateTimeOffset Now => new(_now, TimeSpan.Zero);

    /// <summary>The clock as the world outside all processes sees it.</summary>
    public ClockView World { get; }

    /// <summary>The clock of a process that is wrong by <paramref name="error"/>.</summary>
    public ClockView Of(TimeSpan error) => new(this, error);

    /// <summary>Moves to the next timer and rings it; false when none is set.</summary>
    public bool Step()
    {
        while (_timers.TryDequeue(out var timer, out var key))
        {
            if (timer.Key != key) continue; // changed or disposed since
            _now = Math.Max(_now, key.Due);
            timer.Ring();
            return true;
        }

        return false;
    }

    /// <summary>Moves on in one leap and fires no timers: their processes are not there.</summary>
    public void Leap(TimeSpan time) => _now += time.Ticks;

    /// <summary>The clock of a process.</summary>
    public sealed class ClockView(VirtualClock clock, TimeSpan error) : TimeProvider
    {
        private bool _stopped;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(clock._now + error.Ticks, TimeSpan.Zero);

        public override long GetTimestamp() => clock._now;

        /// <summary>No timer of it rings any more.</summary>
        public void Stop() => _stopped = true;

        public bool Stopped => _stopped;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new VirtualTimer(clock, this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, ClockView face, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public (long Due, long Order)? Key { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
            Set(dueTime);
            return true;
        }

        public void Ring()
        {
            Set(_period);
            if (!face.Stopped) callback(state);
        }

        public void Dispose() => Key = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Set(TimeSpan due)
        {
            Key = null;
            if (due < TimeSpan.Zero || face.Stopped) return;
            Key = (clock._now + due.Ticks, ++clock._order);
            clock._timers.Enqueue(this, Key.Value);
        }
    }
}
