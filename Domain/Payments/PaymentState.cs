using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>Operations of the provider.</summary>
public enum ProviderOperation
{
    /// <summary>To hold the money.</summary>
    Authorize,

    /// <summary>To take part of it.</summary>
    Capture,

    /// <summary>To let go of what is left.</summary>
    Void,

    /// <summary>To give captured money back.</summary>
    Refund,
}

/// <summary>A request to the provider. It is recorded before it is sent, and kept until its outcome is known.</summary>
/// <param name="Kind">What.</param>
/// <param name="Id">The movement's id; for a void its number; null for the authorization.</param>
/// <param name="Amount">Minor units; a void's is what is left when its turn comes, so here it is 0.</param>
/// <param name="Attempt">From 1; a new one is made only after the provider said that it never saw the one before.</param>
/// <param name="Unanswered">True when this attempt got no answer, so that it must be looked up.</param>
/// <param name="AwaitedUntil">Until when its caller waits for the outcome in its call; null: it does not.</param>
public sealed record PendingRequest(
    ProviderOperation Kind, string? Id, long Amount, int Attempt = 1, bool Unanswered = false, DateTimeOffset? AwaitedUntil = null)
{
    /// <summary>Unique within the payment: <c>capture/shp_1/1</c>, the last part being the attempt. It starts the steps' names.</summary>
    public string Name => $"{Subject}/{Attempt}";

    /// <summary>True when the provider never saw more than one attempt before this one.</summary>
    [JsonIgnore]
    public bool LostAgain => Attempt > 2;

    /// <summary>
    /// True when the caller gets an outcome of <paramref name="now"/> in its call. Near its end it may have given up, by its clock.
    /// </summary>
    public bool IsAwaited(DateTimeOffset now) => now + TimeSpan.FromSeconds(1) < AwaitedUntil;

    private string Subject => Kind switch
    {
        ProviderOperation.Authorize => "authorize",
        ProviderOperation.Capture => $"capture/{Id}",
        ProviderOperation.Void => $"void/{Id}",
        _ => $"refund/{Id}",
    };

    /// <summary>
    /// Idempotency key at the provider. The same for every attempt, so that a late first attempt is recognised as a duplicate.
    /// </summary>
    public string Reference(string paymentId) => $"{paymentId}/{Subject}";
}

/// <summary>A payment as its rules see it. Money in minor units of the terms' currency.</summary>
/// <param name="Terms">The terms of the authorization; null: nothing has happened.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Authorization">The provider's id of the authorization, once there is one.</param>
/// <param name="Holds">The authorized money: one hold, of which captures are posted.</param>
/// <param name="Captured">What was taken, refunds not subtracted.</param>
/// <param name="Refunded">What was given back after capture.</param>
/// <param name="Movements">Captures and refunds in the order of their requests; few, and all part of the view.</param>
/// <param name="Pending">Requests to the provider, in order; the first is under way.</param>
/// <param name="Voids">How many voids were requested.</param>
/// <param name="VoidReason">Why the last void was requested.</param>
/// <param name="Waiting">Why the provider is unavailable now; null when it is available.</param>
/// <param name="Reason">Why it was declined, voided or expired, or a void was refused.</param>
public sealed record PaymentState(
    AuthorizationRequested? Terms, PaymentStatus Status, string? Authorization, Holds Holds, long Captured, long Refunded,
    ImmutableList<PaymentMovement> Movements, ImmutableList<PendingRequest> Pending, int Voids,
    [Personal(Purpose.Contact)] string? VoidReason,
    [Personal(Purpose.Contact)] string? Waiting,
    [Personal(Purpose.Contact)] string? Reason)
{
    public static readonly PaymentState Initial = new(null, PaymentStatus.Authorizing, null, Holds.None, 0, 0, [], [], 0, null, null, null);

    /// <summary>The provider's code, if it was declined.</summary>
    public string? DeclineCode { get; init; }

    /// <summary>When its personal data was erased; null: it was not.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    /// <summary>True when nothing is held and nothing is under way.</summary>
    [JsonIgnore]
    public bool IsAtRest => Pending.IsEmpty && Holds.Held == 0;

    /// <summary>The name of the one hold.</summary>
    public const string HoldId = "authorization";

    /// <summary>The request that is to be sent to the provider now, or null.</summary>
    public PendingRequest? Current => Pending.IsEmpty ? null : Pending[0];

    /// <summary>True when a void was requested whose outcome is not known yet.</summary>
    public bool Voiding => Pending.Exists(r => r.Kind == ProviderOperation.Void);

    /// <summary>What can still be captured: held, and not reserved for a capture under way.</summary>
    public long Capturable => Holds.Held - Promised(ProviderOperation.Capture);

    /// <summary>What can still be refunded: captured, and neither refunded nor reserved for a refund under way.</summary>
    public long Refundable => Captured - Refunded - Promised(ProviderOperation.Refund);

    /// <summary>An amount in the payment's currency.</summary>
    public Money Money(long minor) => new(minor, Terms!.Amount.Currency);

    private long Promised(ProviderOperation kind) => Pending.Where(r => r.Kind == kind).Sum(r => r.Amount);
}
