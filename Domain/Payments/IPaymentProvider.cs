using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>
/// Moves the money. Every request carries a reference, its idempotency key: the provider must treat the same reference as the same request.
/// Methods throw <see cref="ProviderTimeoutException"/> when the outcome is unknown and <see cref="ProviderUnavailableException"/> when
/// certainly nothing was done.
/// </summary>
public interface IPaymentProvider
{
    /// <summary>As it is shown: <c>sandbox</c>.</summary>
    string Name { get; }

    /// <summary>Holds an amount on a payment method.</summary>
    Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel);

    /// <summary>Takes part of a held amount. <paramref name="authorization"/> is the provider's id of it.</summary>
    Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel);

    /// <summary>Lets go of what is held and not captured.</summary>
    Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel);

    /// <summary>Gives captured money back.</summary>
    Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel);

    /// <summary>What became of the request with that reference; null when the provider never saw it.</summary>
    /// <param name="reference">The request's reference.</param>
    /// <param name="authorization">The authorization that the request was about; null when it was the authorization itself.</param>
    /// <param name="cancel">To give up.</param>
    Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel);
}

/// <summary>The provider's answer to a request.</summary>
public abstract record ProviderResult
{
    private ProviderResult() { }

    /// <summary>Done, under this id of the provider's.</summary>
    /// <param name="ProviderId">1 to 512 visible ASCII characters.</param>
    /// <param name="Amount">What was moved, by the provider's answer; null: it does not say, as of a void.</param>
    public sealed record Approved(string ProviderId, Money? Amount = null) : ProviderResult;

    /// <summary>Refused, for good: asking again does not help.</summary>
    public sealed record Refused(string Code, string Reason) : ProviderResult;
}

/// <summary>No answer in time: the request may or may not have been carried out. Look it up; never repeat it blindly.</summary>
public sealed class ProviderTimeoutException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The request was certainly not carried out: the provider is away, or its circuit is open.</summary>
public sealed class ProviderUnavailableException(string message, TimeSpan retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
