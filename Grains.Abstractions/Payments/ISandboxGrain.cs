using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>What the sandbox answered.</summary>
/// <param name="ProviderId">Its id, when the request was approved.</param>
/// <param name="Code">Why it was refused, when it was.</param>
/// <param name="Reason">The same for a person; also why nothing was carried out.</param>
/// <param name="AwayFor">When to try again, when certainly nothing was carried out.</param>
/// <param name="Minor">What was moved, in minor units; null: it does not say.</param>
/// <param name="Currency">In which currency.</param>
[GenerateSerializer, Alias("commerce.sandbox-answer")]
public sealed record SandboxAnswer(
    [property: Id(0)] string? ProviderId = null,
    [property: Id(1)] string? Code = null,
    [property: Id(2)] string? Reason = null,
    [property: Id(3)] TimeSpan? AwayFor = null,
    [property: Id(4)] long? Minor = null,
    [property: Id(5)] string? Currency = null);

/// <summary>
/// The sandbox provider of a cluster. It plays the world outside, of which there is one: silos come to it as to a provider on the
/// network, each with its own patience, and an outage is one for all.
/// </summary>
[Alias("commerce.sandbox"), Version(1)]
public interface ISandboxGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    public const string Key = "sandbox";

    /// <summary>Holds an amount on a payment method.</summary>
    [Alias("Authorize")]
    Task<SandboxAnswer> Authorize(string reference, long minor, string currency, string method, CancellationToken cancel);

    /// <summary>Takes part of a held amount.</summary>
    [Alias("Capture")]
    Task<SandboxAnswer> Capture(string reference, string authorization, long minor, string currency, CancellationToken cancel);

    /// <summary>Lets go of what is held and not captured.</summary>
    [Alias("Void")]
    Task<SandboxAnswer> Void(string reference, string authorization, CancellationToken cancel);

    /// <summary>Gives captured money back.</summary>
    [Alias("Refund")]
    Task<SandboxAnswer> Refund(string reference, string authorization, long minor, string currency, CancellationToken cancel);

    /// <summary>What became of the request with that reference; null when it was never seen.</summary>
    [Alias("Lookup")]
    Task<SandboxAnswer?> Lookup(string reference, string? authorization, CancellationToken cancel);

    /// <summary>Whether it is switched off.</summary>
    [Alias("GetOutage")]
    Task<bool> GetOutage();

    /// <summary>Switches it off, or on again.</summary>
    [Alias("SetOutage")]
    Task SetOutage(bool outage);
}
