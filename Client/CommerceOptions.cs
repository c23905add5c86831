namespace Commerce.Client;

/// <summary>Address and settings of the API.</summary>
/// <param name="Address">The gateway's base address.</param>
public sealed record CommerceOptions(Uri Address)
{
    /// <summary>The API key; null where the gateway asks for none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How long a request is retried after a lost answer or a "not now". Zero: never.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one try may take; longer than any <c>Prefer: wait=N</c>.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The most connections at a time.</summary>
    public int Connections { get; init; } = int.MaxValue;
}
