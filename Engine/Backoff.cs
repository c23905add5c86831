namespace Commerce.Engine;

/// <summary>How long to leave it after a failure, and waiting for that long.</summary>
public static class Backoff
{
    /// <summary>
    /// The pause after so many failures: <paramref name="first"/> after one, twice as long with each further one up to
    /// <paramref name="longest"/>; half of it is chance, so that many do not return at once.
    /// </summary>
    public static TimeSpan After(int failures, TimeSpan first, TimeSpan longest, Random random)
    {
        var ceiling = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20)));
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (random.NextDouble() / 2)));
    }

    /// <summary>Waits so long, or until cancelled; that ends it early and without an exception.</summary>
    public static Task Until(TimeSpan time, TimeProvider clock, CancellationToken cancel) =>
        Until(new TaskCompletionSource(), time, clock, cancel);

    /// <summary>
    /// Waits until somebody completes <paramref name="sooner"/>, which the end of the time and a cancellation do too; never throws.
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
    /// The time as timers count it, in whole milliseconds, rounded up: rounded down, whoever waits until an instant would wake before it,
    /// wait for what is left, which is no millisecond, and so spin until it has come.
    /// </summary>
    public static TimeSpan ForTimer(TimeSpan time) => TimeSpan.FromMilliseconds((long)Math.Ceiling(time.TotalMilliseconds));
}
