namespace Commerce.Testing;

/// <summary>
/// The one clock of a test. It stands still until <see cref="Advance"/>; then the timers that fall due fire in the order of their time,
/// each seeing its own instant as now.
/// </summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<FakeTimer, (long Due, long Order)> _timers = new();
    private readonly DateTimeOffset _start;
    private long _order;
    private long _elapsed;

    /// <summary>Starts at noon of 1 December 2010, UTC.</summary>
    public FakeClock() : this(new DateTimeOffset(2010, 12, 1, 12, 0, 0, TimeSpan.Zero)) { }

    /// <summary>Starts at <paramref name="start"/>.</summary>
    public FakeClock(DateTimeOffset start) => _start = start;

    public DateTimeOffset Now => GetUtcNow();

    /// <summary>
    /// For an engine that runs by this clock: time is then moved on as soon as the engine rests, and not after a pause that should do.
    /// </summary>
    public RestingScheduler Scheduler { get; } = new();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves time on by <paramref name="by"/>, firing what falls due on the way. What the timers set off runs on after this returns.
    /// </summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetTimestamp() + by.Ticks;
        while (NextDue(target) is { } timer) timer.Fire();
        lock (_gate) Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, target));
    }

    /// <summary>
    /// Moves time on in steps until <paramref name="condition"/> holds. After each step what runs in the background comes to rest, or has a
    /// moment where it does not run on <see cref="Scheduler"/>.
    /// Fails, naming <paramref name="what"/>, when it does not hold after <paramref name="within"/> of this clock's time.
    /// </summary>
    public async Task Until(Func<Task<bool>> condition, string what, TimeSpan? step = null, TimeSpan? within = null)
    {
        var end = Now + (within ?? TimeSpan.FromMinutes(10));
        while (!await condition())
        {
            if (Now >= end) throw new TimeoutException($"It did not come true by {end:O}: {what}.");
            if (await Soon(condition)) return;
            Advance(step ?? TimeSpan.FromMilliseconds(500));
        }
    }

    private async Task<bool> Soon(Func<Task<bool>> condition)
    {
        if (Scheduler.Used)
        {
            await Scheduler.Rest();
            return await condition();
        }

        for (var tries = 0; tries < 5; tries++)
        {
            await Task.Delay(1);
            if (await condition()) return true;
        }

        return false;
    }

    private FakeTimer? NextDue(long target)
    {
        lock (_gate)
        {
            while (_timers.TryPeek(out var timer, out var key))
            {
                if (timer.Key == key && key.Due > target) return null;
                _timers.Dequeue();
                if (timer.Key != key) continue; // changed or disposed since
                Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, key.Due));
                Set(timer, timer.Period, timer.Period);
                return timer;
            }

            return null;
        }
    }

    private void Set(FakeTimer timer, TimeSpan due, TimeSpan period)
    {
        timer.Period = period == TimeSpan.Zero ? Timeout.InfiniteTimeSpan : period;
        timer.Key = due < TimeSpan.Zero ? null : (_elapsed + due.Ticks, ++_order);
        if (timer.Key is { } key) _timers.Enqueue(timer, key);
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public (long Due, long Order)? Key { get; set; }

        public TimeSpan Period { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate) clock.Set(this, dueTime, period);
            if (dueTime == TimeSpan.Zero) clock.Advance(TimeSpan.Zero);
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate) Key = null;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
