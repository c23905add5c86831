using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>
/// The money of one order: authorized once, captured in parts, voided, refunded in parts. The entity's key is <c>pay_…</c>.
/// A command is accepted when its intent is durable; the provider is asked afterwards, and the outcome is in the view. With
/// <see cref="CallContext.WaitUntil"/> the answer is the payment once nothing is pending with the provider, or as it is then.
/// </summary>
[Pipelined]
public interface IPayment : IEntity
{
    /// <summary>Asks for money to be held. The same again: accepted. Refused: <c>payment_exists</c>, <c>invalid_*</c>.</summary>
    Task<Result<PaymentView>> Authorize(AuthorizePayment command, CallContext call);

    /// <summary>
    /// For the operation id of an authorization that may be on its way. If it was recorded, or another one, this is the payment; if not,
    /// this is refused with <c>authorization_cancelled</c>, and that operation never authorizes anything (decision 4).
    /// </summary>
    Task<Result<PaymentView>> CancelAuthorization(CallContext call);

    /// <summary>
    /// Takes part or all of it. The same id and content again: accepted. Refused: <c>unknown_payment</c>, <c>move_not_allowed</c>,
    /// <c>capture_exceeds_authorization</c>, <c>movement_exists</c>, <c>invalid_*</c>.
    /// </summary>
    Task<Result<PaymentView>> Capture(CapturePayment command, CallContext call);

    /// <summary>
    /// Takes what is missing of a total; an operator may have taken a part by hand. Nothing missing, or the same id again: accepted.
    /// Refused: as a capture, and <c>payment_busy</c> while the provider is at work.
    /// </summary>
    Task<Result<PaymentView>> CaptureUpTo(CaptureTotal command, CallContext call);

    /// <summary>Gives back what is authorized and not captured. Nothing left to void: accepted. Refused: <c>unknown_payment</c>.</summary>
    Task<Result<PaymentView>> Void(VoidPayment command, CallContext call);

    /// <summary>
    /// Gives back part or all of what was captured. The same id and content again: accepted. Refused: <c>unknown_payment</c>,
    /// <c>refund_exceeds_capture</c>, <c>movement_exists</c>, <c>invalid_*</c>.
    /// </summary>
    Task<Result<PaymentView>> Refund(RefundPayment command, CallContext call);

    /// <summary>
    /// Erases what of it is personal, once nothing is held or under way. For the order that it belongs to. Refused: <c>unknown_payment</c>,
    /// <c>payment_busy</c>.
    /// </summary>
    Task<Result<PaymentView>> Erase(CallContext call);

    /// <summary>The provider may be back: look again.</summary>
    Task Continue(CallContext call);

    /// <summary>The payment, or null when there is none.</summary>
    [Interleaved]
    Task<PaymentView?> Get();

    /// <summary>
    /// The payment as the journal has it now, or null when there is none. <see cref="Get"/> may be behind where a second activation has
    /// written (decision 12).
    /// </summary>
    [Interleaved]
    Task<PaymentView?> GetLatest();

    /// <summary>The payment once nothing is pending with the provider, or as it is at the deadline; null when there is none.</summary>
    [Interleaved]
    Task<PaymentView?> WhenSettled(DateTimeOffset deadline);
}

/// <summary>Where a payment stands.</summary>
public enum PaymentStatus
{
    /// <summary>The provider is being asked.</summary>
    Authorizing,

    /// <summary>Held; nothing captured yet.</summary>
    Authorized,

    /// <summary>The provider said no.</summary>
    Declined,

    /// <summary>Captured in part; the rest is still held.</summary>
    PartlyCaptured,

    /// <summary>Nothing is held any more, and some or all was captured.</summary>
    Captured,

    /// <summary>Given back before anything was captured.</summary>
    Voided,

    /// <summary>The authorization ran out before anything was captured.</summary>
    Expired,
}

/// <summary>Asks for money to be held.</summary>
/// <param name="OrderId">What for.</param>
/// <param name="Amount">How much, above zero.</param>
/// <param name="Method">The provider's token of the payment method.</param>
/// <param name="ExpiresAt">From when the hold is gone.</param>
/// <param name="CustomerId">Whose money, so that it is booked as theirs; null where unknown.</param>
public sealed record AuthorizePayment(
    string OrderId, Money Amount, string Method, DateTimeOffset ExpiresAt, string? CustomerId = null);

/// <summary>What a capture and a refund have in common.</summary>
/// <param name="Id">Names this movement, unique within the payment: 1 to 100 visible ASCII characters.</param>
/// <param name="Amount">Minor units, above zero; null: all that is left.</param>
/// <param name="OccurredAt">The day it is booked on, if not now.</param>
/// <param name="Reason">For a person.</param>
public abstract record MovementCommand(string Id, long? Amount, DateTimeOffset? OccurredAt, string? Reason);

/// <summary>Takes some or all of what is authorized.</summary>
public sealed record CapturePayment(string Id, long? Amount, DateTimeOffset? OccurredAt = null, string? Reason = null)
    : MovementCommand(Id, Amount, OccurredAt, Reason);

/// <summary>Takes what is missing.</summary>
/// <param name="Id">Names the movement, should something be missing.</param>
/// <param name="Total">Minor units that are to be captured in all.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">For a person.</param>
public sealed record CaptureTotal(string Id, long Total, DateTimeOffset OccurredAt, string? Reason = null)
{
    /// <summary>The code of the refusal while the provider is at work.</summary>
    public const string Busy = "payment_busy";
}

/// <summary>Gives back some or all of what was captured.</summary>
/// <param name="Id">Names this movement, unique within the payment.</param>
/// <param name="Amount">Minor units, above zero; null: all that is left.</param>
/// <param name="OccurredAt">The day it is booked on, if not now.</param>
/// <param name="Reason">For a person.</param>
public sealed record RefundPayment(string Id, long? Amount, DateTimeOffset? OccurredAt = null, string? Reason = null)
    : MovementCommand(Id, Amount, OccurredAt, Reason);

/// <summary>Gives back what is authorized and not captured.</summary>
public sealed record VoidPayment(string Reason);

/// <summary>What kind of movement.</summary>
public enum PaymentOperation
{
    /// <summary>From the customer.</summary>
    Capture,

    /// <summary>To the customer.</summary>
    Refund,
}

/// <summary>How far a movement has come.</summary>
public enum PaymentOperationStatus
{
    /// <summary>The provider is being asked.</summary>
    Pending,

    /// <summary>The money moved.</summary>
    Succeeded,

    /// <summary>The provider said no.</summary>
    Refused,
}

/// <summary>A capture or a refund.</summary>
/// <param name="Id">Unique within the payment.</param>
/// <param name="Kind">Which of the two.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="OccurredAt">The day it is booked on.</param>
/// <param name="Reason">Why, or why not.</param>
public sealed record PaymentMovement(
    string Id, PaymentOperation Kind, long Amount, PaymentOperationStatus Status, DateTimeOffset OccurredAt,
    [Personal(Purpose.Contact)] string? Reason);

/// <summary>A payment as others see it. Money in minor units of <paramref name="Currency"/>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="OrderId">What it is for.</param>
/// <param name="Provider">Who moves the money.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Settled">True when nothing is pending with the provider.</param>
/// <param name="Waiting">What it waits for, in words; null when it does not.</param>
/// <param name="Reason">Why it was declined, voided or expired.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">What was asked for.</param>
/// <param name="Authorized">What is held and not captured.</param>
/// <param name="Captured">What was taken, refunds not subtracted.</param>
/// <param name="Refunded">What was given back after capture.</param>
/// <param name="Movements">Captures and refunds, in order.</param>
/// <param name="Version">The entity's version.</param>
/// <param name="DeclineCode">The provider's code, if it was declined: <c>insufficient_funds</c>.</param>
public sealed record PaymentView(
    string Id, string OrderId, string Provider, PaymentStatus Status, bool Settled,
    [Personal(Purpose.Contact)] string? Waiting, [Personal(Purpose.Contact)] string? Reason, string Currency,
    long Amount, long Authorized, long Captured, long Refunded, IReadOnlyList<PaymentMovement> Movements, long Version,
    string? DeclineCode = null) : IOwned
{
    /// <summary>It belongs to its order.</summary>
    [JsonIgnore]
    public Owner Owner => new(Order: OrderId);
}
