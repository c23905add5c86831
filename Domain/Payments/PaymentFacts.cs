using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>What happens to a payment.</summary>
public abstract record PaymentFact;

/// <summary>The provider has answered, and the request is over.</summary>
/// <param name="OrderId">What for.</param>
/// <param name="Awaited">True when the caller that asked for it waits in its call, and gets the outcome there.</param>
public abstract record ProviderAnswered(string OrderId, bool Awaited) : PaymentFact;

/// <summary>Money is wanted.</summary>
/// <param name="OrderId">What for.</param>
/// <param name="Amount">How much.</param>
/// <param name="Method">The provider's token of the payment method.</param>
/// <param name="Provider">Who is asked.</param>
/// <param name="ExpiresAt">From when the hold is gone.</param>
/// <param name="CustomerId">Whose money; null where unknown.</param>
/// <param name="AwaitedUntil">Until when its caller waits for the outcome in its call; null: it does not.</param>
public sealed record AuthorizationRequested(
    string OrderId, Money Amount, [Personal(Purpose.Payment)] string Method, string Provider, DateTimeOffset ExpiresAt,
    string? CustomerId = null,
    DateTimeOffset? AwaitedUntil = null) : PaymentFact;

/// <summary>The provider is unavailable; the reason is for people.</summary>
public sealed record PaymentWaiting([Personal(Purpose.Contact)] string Reason) : PaymentFact;

/// <summary>A request to the provider got no answer: its outcome is unknown until it is looked up.</summary>
public sealed record RequestTimedOut(string Reference) : PaymentFact;

/// <summary>The provider never saw that request: it may be made again.</summary>
public sealed record RequestNotFound(string Reference) : PaymentFact;

/// <summary>The money is held.</summary>
public sealed record PaymentAuthorized(string OrderId, string ProviderId, Money Amount, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>The provider refused to hold it.</summary>
public sealed record PaymentDeclined(string OrderId, string Code, [Personal(Purpose.Contact)] string Reason, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>Money is to be taken.</summary>
public sealed record CaptureRequested(
    string Id, long Amount, DateTimeOffset OccurredAt, [Personal(Purpose.Contact)] string? Reason,
    DateTimeOffset? AwaitedUntil = null) : PaymentFact;

/// <summary>Money was taken.</summary>
/// <param name="OrderId">What for.</param>
/// <param name="Id">Names the movement.</param>
/// <param name="Amount">How much.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="CustomerId">Whose money; null where unknown.</param>
/// <param name="Awaited">True when its caller waits in its call.</param>
public sealed record PaymentCaptured(
    string OrderId, string Id, Money Amount, DateTimeOffset OccurredAt, string? CustomerId, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>The provider refused to take it.</summary>
public sealed record CaptureRefused(string OrderId, string Id, string Code, [Personal(Purpose.Contact)] string Reason, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>What is held and not captured is to be given back.</summary>
public sealed record VoidRequested([Personal(Purpose.Contact)] string Reason, DateTimeOffset? AwaitedUntil = null) : PaymentFact;

/// <summary>It was given back.</summary>
public sealed record PaymentVoided(string OrderId, Money Amount, [Personal(Purpose.Contact)] string Reason, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>The provider refused to give it back: it stays held until it is voided again or runs out.</summary>
public sealed record VoidRefused(string OrderId, string Code, [Personal(Purpose.Contact)] string Reason, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>What was held and not captured is gone, because its time was up.</summary>
public sealed record AuthorizationExpired(string OrderId, Money Amount) : PaymentFact;

/// <summary>Captured money is to be given back.</summary>
/// <param name="Id">Names the movement.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">For a person.</param>
/// <param name="AwaitedUntil">Until when its caller waits in its call.</param>
public sealed record RefundRequested(
    string Id, long Amount, DateTimeOffset OccurredAt, [Personal(Purpose.Contact)] string? Reason,
    DateTimeOffset? AwaitedUntil = null) : PaymentFact;

/// <summary>It was given back.</summary>
/// <param name="OrderId">What for.</param>
/// <param name="Id">Names the movement.</param>
/// <param name="Amount">How much.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="CustomerId">Whose money; null where unknown.</param>
/// <param name="Awaited">True when its caller waits in its call.</param>
public sealed record PaymentRefunded(
    string OrderId, string Id, Money Amount, DateTimeOffset OccurredAt, string? CustomerId, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>The provider refused to give it back.</summary>
public sealed record RefundRefused(string OrderId, string Id, string Code, [Personal(Purpose.Contact)] string Reason, bool Awaited = false)
    : ProviderAnswered(OrderId, Awaited);

/// <summary>Nothing personal is left of it.</summary>
public sealed record PaymentErased(DateTimeOffset ErasedAt) : PaymentFact, IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Purpose> Erases => Enum.GetValues<Purpose>();
}
