namespace Commerce.Providers;

/// <summary>How patient we are with a provider.</summary>
public sealed record ResilienceOptions
{
    /// <summary>How long one attempt may take before its outcome counts as unknown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a request that was certainly not carried out is repeated at once; after that its payment waits.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>About how long before the first repeat; it doubles from one to the next, with jitter.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The share of failed attempts that opens the circuit. Above one half: behind a timeout a lookup works.</summary>
    public double FailureRatio { get; init; } = 0.6;

    /// <summary>Fewer attempts than this within <see cref="Sampling"/> say nothing.</summary>
    public int MinimumAttempts { get; init; } = 10;

    /// <summary>Over how long the share is taken.</summary>
    public TimeSpan Sampling { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the circuit stays open before one request may try it.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Where a provider's circuit stands.</summary>
public enum CircuitStatus
{
    Closed,

    /// <summary>Requests are turned away at once: the provider is failing.</summary>
    Open,

    /// <summary>The next request tries whether the provider is back.</summary>
    HalfOpen,
}

/// <summary>A provider's circuit as the operator sees it.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="Until">When an open circuit lets a request try; null otherwise.</param>
/// <param name="Silo">The silo whose circuit it is, where there are several; each has its own.</param>
public sealed record Circuit(
    string Provider, CircuitStatus Status, DateTimeOffset Since, DateTimeOffset? Until, string? Silo = null);

/// <summary>Kinds of log events about a provider.</summary>
public enum ProviderEventKind
{
    /// <summary>A request failed without effect and is repeated.</summary>
    Retrying,

    /// <summary>A request got no answer.</summary>
    TimedOut,

    /// <summary>A request failed in a way that leaves its outcome unknown.</summary>
    Faulted,

    CircuitOpened,

    /// <summary>One request tries whether the provider is back.</summary>
    CircuitHalfOpened,

    CircuitClosed,
}

/// <summary>Something about a provider for the log.</summary>
public sealed record ProviderEvent(string Provider, ProviderEventKind Kind, string Detail, Exception? Cause = null);
