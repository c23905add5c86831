namespace Commerce.Kernel;

/// <summary>How long to leave it after a failure, and waiting for that long.</summary>
public static class Pauses
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
    public static async Task Until(TimeSpan time, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(time, clock, cancel);
        }
        catch (OperationCanceledException)
        {
            // What waited looks at the token itself.
        }
    }
}
