namespace Commerce.Engine;

/// <summary>The pause after a failure, and waiting for its end.</summary>
public static class Backoff
{
    /// <summary>
    /// Exponential backoff with jitter: <paramref name="first"/> after one failure, doubled with each further one up to
    /// <paramref name="longest"/>; half of it is random, so that many callers do not return at once.
    /// </summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest, Random random)
    {
        var ceiling = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20)));
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>The time to the next multiple of <paramref name="period"/>: what many do from then on, they do at the same time.</summary>
    public static TimeSpan UntilNext(TimeSpan period, DateTimeOffset now) => period - TimeSpan.FromTicks(now.Ticks % period.Ticks);

    /// <summary>Waits for a time. Cancellation ends the wait early and without an exception.</summary>
    public static Task Until(TimeSpan time, TimeProvider clock, CancellationToken cancel) =>
        Until(new TaskCompletionSource(), time, clock, cancel);

    /// <summary>
    /// Waits until <paramref name="sooner"/> completes. The end of the time and a cancellation complete it too; it never throws.
    /// </summary>
    /// <remarks>Not by <c>Task.WhenAny</c>, whose end may come on the thread pool: all must stay on the waiter's scheduler.</remarks>
    public static async Task Until(TaskCompletionSource sooner, TimeSpan time, TimeProvider clock, CancellationToken cancel)
    {
        using var cancelling = cancel.UnsafeRegister(static s => ((TaskCompletionSource)s!).TrySetResult(), sooner);
        using var timer = clock.CreateTimer(
            static s => ((TaskCompletionSource)s!).TrySetResult(), sooner, ForTimer(time), Timeout.InfiniteTimeSpan);
        await sooner.Task;
    }

    /// <summary>
    /// The time in whole milliseconds, as timers count it, rounded up. Rounded down, a wait until an instant would end before it, and the
    /// rest, less than a millisecond, would be a spin.
    /// </summary>
    public static TimeSpan ForTimer(TimeSpan time) => TimeSpan.FromMilliseconds((long)Math.Ceiling(time.TotalMilliseconds));
}
