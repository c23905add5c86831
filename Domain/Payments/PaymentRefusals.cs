using Commerce.Kernel;

namespace Commerce.Payments;

/// <content>How a payment says no.</content>
public static partial class PaymentRules
{
    private static readonly Refusal NoMethod = Refusals.Invalid(
        "invalid_method", "/method", "A payment needs a payment method.", "Give the provider's token of the method to charge.");

    private static readonly Refusal NoReason = Refusals.Invalid(
        "reason_required", "/reason", "A void needs a reason.", "Say why the money is not wanted any more.");

    private static readonly Refusal AuthorizationCancelled = new(
        "authorization_cancelled", RefusalKind.Conflict, "This authorization was cancelled before it was recorded.",
        "Authorize the money with a new payment, if it is wanted after all.") { Final = true };

    private static Refusal Busy(string id, PendingRequest current) => new(
        CaptureTotal.Busy, RefusalKind.Conflict, $"The provider is still at work on {current.Name} of {id}.",
        "Ask again when that is done.")
    {
        Retryable = true,
    };

    private static Refusal NotAtRest(string id) => new(
        "payment_busy", RefusalKind.Conflict, $"The payment '{id}' holds money, or something is under way at the provider.",
        "Ask again when that is done.")
    {
        Retryable = true,
    };

    private static Refusal Unknown(string id) => Refusals.Unknown("payment", id, Refusals.CheckTheId);

    private static Refusal? BadAmount(string field, long amount) => amount is >= 1 and <= Money.Limit
        ? null
        : Refusals.Invalid(
            "invalid_amount", field, $"{amount} is not an amount that can be moved.",
            $"Give minor units, a whole number from 1 to {Money.Limit}.");

    private static Refusal? BadId(string? id) => id is not null && MovementId().IsMatch(id)
        ? null
        : Refusals.Invalid(
            "invalid_id", "/id", $"'{id}' cannot name a movement.", "Give 1 to 100 visible ASCII characters without spaces.");

    private static Refusal BadCurrency(string? currency) => Refusals.Invalid(
        "invalid_currency", "/amount/currency", $"'{currency}' is not a currency.", "Give an ISO 4217 code in upper case, such as GBP.");

    private static Refusal BadCustomer(string customer) => Refusals.Invalid(
        "invalid_customer", "/customerId", $"'{customer}' cannot be a customer's id.", "Give one such as cus_1, or leave it out.");

    private static Refusal PastExpiry(DateTimeOffset expiresAt) => Refusals.Invalid(
        "invalid_time", "/expiresAt", $"The authorization would have run out at {expiresAt.Text()} already.",
        "Give a time that is still to come.");

    private static Refusal NotAllowed(PaymentState state, string id) => Refusals.MoveNotAllowed(
        "payment", id, EnumWords.Of(PaymentMove.Capture), state.Voiding ? "being_voided" : EnumWords.Of(state.Status),
        [.. PaymentStateMachine.AllowedCommands(state).Select(EnumWords.Of)]);

    private static Refusal TooLate(DateTimeOffset expiresAt) => new(
        "move_not_allowed", RefusalKind.Conflict, $"The authorization ran out at {expiresAt.Text()}; nothing can be captured of it.",
        "Authorize the money again with a new payment.", Values: new RefusalValues("expired", []));

    private static Refusal CaptureTooMuch(PaymentState state, long? wanted) => Exceeds(
        "capture_exceeds_authorization", wanted, state.Money(state.Capturable), "authorized and not captured", "Capture less.");

    private static Refusal RefundTooMuch(PaymentState state, long? wanted) => Exceeds(
        "refund_exceeds_capture", wanted, state.Money(state.Refundable), "captured and not refunded", "Refund less, or capture first.");

    private static Refusal Exceeds(string code, long? wanted, Money left, string what, string remedy) => new(
        code, RefusalKind.Conflict,
        $"{(wanted is { } w ? $"{left with { Minor = w }}" : "All that is left")} was wanted; {left} is {what}.", remedy, "/amount",
        new RefusalValues(Available: left.Minor));

    private static Refusal MovementExists(PaymentState state, PaymentMovement known) => new(
        "movement_exists", RefusalKind.Conflict,
        $"'{known.Id}' is already a {EnumWords.Of(known.Kind)} of {state.Money(known.Amount)}, booked on {known.OccurredAt.Text()}.",
        "Give a new movement a new id; repeat a movement with the content it first had.", "/id");
}
