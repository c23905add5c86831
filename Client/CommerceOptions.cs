namespace Commerce.Client;

/// <summary>Address and settings of the API.</summary>
/// <param name="Address">The gateway's base address.</param>
public sealed record CommerceOptions(Uri Address)
{
    /// <summary>An API key, or an access token that lasts as long as the client is needed.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Instead of a key: what tokens are got for, each anew when the one before ends.</summary>
    public ClientCredentials? Credentials { get; init; }

    /// <summary>Without the key.</summary>
    public override string ToString() => Address.ToString();

    /// <summary>How long a request is retried after a lost answer or a "not now". Zero: never.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one try may take; longer than any <c>Prefer: wait=N</c>.</summary>
    public TimeSpan TryTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The most connections at a time.</summary>
    public int Connections { get; init; } = int.MaxValue;
}
