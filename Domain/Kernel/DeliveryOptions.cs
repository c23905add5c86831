namespace Commerce.Kernel;

/// <summary>How facts are delivered to reactions. The defaults suit production; a simulation gives its own clock and randomness.</summary>
public sealed record DeliveryOptions
{
    /// <summary>The only clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>For jitter. Must be safe for as many threads as use it.</summary>
    public required Random Random { get; init; }

    /// <summary>Told of failures of a subscription, by its name.</summary>
    public Action<string, Exception> ReportFlow { get; init; } = (_, _) => { };

    /// <summary>To how many entities' facts one partition of a subscription reacts at the same time.</summary>
    public int Parallelism { get; init; } = 32;

    /// <summary>
    /// How often a fact's reaction may fail before the fact is parked. Being unavailable is waited out and does not count.
    /// </summary>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>How long one reaction to one fact may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The pause after a first failure; it doubles with each further one.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two tries.</summary>
    public TimeSpan MaxRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after so many failures.</summary>
    public TimeSpan RetryPause(int failures) => Backoff.After(failures, FirstRetry, MaxRetry, Random);
}
