namespace Commerce.Kernel;

/// <summary>Waiting that ends early, and without an exception, when it is cancelled.</summary>
public static class Pauses
{
    /// <summary>Waits so long, or until cancelled.</summary>
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
