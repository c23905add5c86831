using Commerce.Kernel;
using Commerce.Payments;
using Outcome = Commerce.Kernel.StepOutcome<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>
/// The steps of an order that move money. A step sends its command, and waits in the call a moment for the provider's answer. It otherwise
/// runs again later: a reaction to the payment's facts signals it. It relies on what the payment shows, so that an operator may have moved
/// money by hand.
/// </summary>
internal sealed class PaymentSteps(string orderId, IEntities entities, TimeProvider clock)
{
    /// <summary>How long a step waits inside its call before the reaction takes over: most providers answer sooner.</summary>
    private static readonly TimeSpan WaitForPayment = TimeSpan.FromSeconds(5);

    private const string RefundUnshipped = "not_shipped";

    private const string Authorization = "authorize";

    private IPayment Payment => entities.Get<IPayment>(PaymentId(orderId));

    /// <summary>The payment of an order.</summary>
    public static string PaymentId(string orderId) => $"pay_{orderId["ord_".Length..]}";

    /// <summary>Has the total authorized; confirms, or fails the order.</summary>
    public async Task<Outcome> Authorize(OrderState state, StepContext step)
    {
        var answer = await Payment.Authorize(
            new AuthorizePayment(orderId, state.Total, state.PaymentMethod!, state.PlacedAt + OrderToCash.HeldFor, state.CustomerId),
            Awaited(step.CallOf(Authorization)));
        if (answer.Refusal is { } no)
            return new Outcome.Done(s => OrderRules.Failed(s, no.Code, $"The payment was not accepted: {no.Detail}"));
        var payment = answer.Value!;
        return payment.Status switch
        {
            PaymentStatus.Authorized or PaymentStatus.PartlyCaptured or PaymentStatus.Captured =>
                new Outcome.Done(s => OrderRules.Confirmed(s, payment.Id)),
            PaymentStatus.Declined => Fail("payment_declined", $"The payment was declined: {payment.Reason}"),
            PaymentStatus.Voided or PaymentStatus.Expired => Fail("payment_gone", $"The payment was given back: {payment.Reason}"),
            _ when clock.GetUtcNow() >= state.PlacedAt + OrderToCash.AuthorizedWithin => Fail(
                "payment_not_authorized", $"The payment was not authorized within {OrderToCash.AuthorizedWithin.TotalHours} hours."),
            _ => new Outcome.Wait(s => OrderRules.AwaitingPayment(s, payment.Id, Reason(payment, "the answer to the authorization"))),
        };

        Outcome Fail(string code, string reason) => new Outcome.Done(s => OrderRules.NotPaid(s, payment.Id, code, reason));
    }

    /// <summary>
    /// Captures what is owed for all that has shipped, this shipment included, and is not captured yet; what it waits for, or why that is
    /// impossible, in words.
    /// </summary>
    public async Task<(string? Waiting, string? Refused)> Capture(OrderState state, Shipment shipment, StepContext step)
    {
        if (shipment.Amount == 0) return default;
        var owed = shipment.Amount + state.Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount);
        var answer = await Payment.CaptureUpTo(
            new CaptureTotal(shipment.Id, owed, shipment.ShippedAt, $"Shipment {shipment.Id} of {orderId}"),
            Awaited(step.CallOf($"capture/{shipment.Id}")));
        var payment = answer.Value ?? await Settled();
        if (payment.Captured >= owed) return default;
        if (!payment.Settled || answer.Refusal?.Code == CaptureTotal.Busy)
            return (Reason(payment, $"the capture for shipment '{shipment.Id}'"), null);
        var why = answer.Refusal?.Detail ?? Movement(payment, PaymentOperation.Capture, shipment.Id)?.Reason ?? payment.Reason;
        return (null, $"Its money could not be captured: {why}");
    }

    /// <summary>Gives a return's money back: to the payment method or, where that is refused, to the customer's credit.</summary>
    public async Task<Outcome> Refund(OrderState state, Return returned, StepContext step)
    {
        if (returned.Amount == 0) return Done(RefundedTo.Nowhere);
        var payment = await Settled();
        if (payment.Settled && Movement(payment, PaymentOperation.Refund, returned.Id) is null)
        {
            // Nothing checks a refund that is skipped, so the captured amount is read from the journal first (decision 12).
            if (Due(payment) < returned.Amount) payment = await Payment.GetLatest() ?? payment;
            if (Due(payment) == 0) return Done(RefundedTo.PaymentMethod);
            var answer = await Payment.Refund(
                new RefundPayment(returned.Id, Due(payment), returned.ReturnedAt, returned.Reason), Awaited(step.Call));
            if (!answer.Accepted) return Credit(await Settled());
            payment = answer.Value;
        }

        return Movement(payment, PaymentOperation.Refund, returned.Id)?.Status switch
        {
            PaymentOperationStatus.Succeeded => Done(RefundedTo.PaymentMethod),
            PaymentOperationStatus.Refused when payment.Settled => Credit(payment),
            _ => Wait(payment, $"the refund of return '{returned.Id}'"),
        };

        // The amounts that an operator has given back by hand, or that went to the customer's credit, are not given back twice.
        long Due(PaymentView seen) => Math.Clamp(seen.Captured - seen.Refunded - state.Credited, 0, returned.Amount);

        Outcome Credit(PaymentView seen) =>
            Due(seen) is > 0 and var due ? Done(RefundedTo.CustomerCredit, due) : Done(RefundedTo.PaymentMethod);

        Outcome Done(RefundedTo to, long credited = 0) => new Outcome.Done(s => OrderRules.Refunded(s, returned.Id, to, credited));
    }

    /// <summary>Voids what is authorized and not captured, and closes the order when nothing is any more.</summary>
    public async Task<Outcome> Release(OrderState state, StepContext step)
    {
        // An authorization may still be on its way. Cancelled by its operation id, it cannot arrive later (decision 4).
        if (state.Total.Minor == 0 || (state.PaymentId is null && await IsNotAuthorized(step)))
            return new Outcome.Done(s => OrderRules.Closed(s, null));
        var payment = await Settled();
        if (payment is { Settled: true, Authorized: 0 }) return await RefundWhatHasNotShipped(state, payment, step);
        var attempt = payment.Settled ? $"void@{payment.Version}" : "void";
        payment = (await Payment.Void(new VoidPayment(state.Closing!.Reason), Awaited(step.CallFor(attempt)))).Value ?? await Settled();
        return payment switch
        {
            { Settled: true, Authorized: 0 } => await RefundWhatHasNotShipped(state, payment, step),
            { Settled: true } => VoidRefused(payment),
            _ => Wait(payment, "the authorization to be given back"),
        };
    }

    // A shipment that was given up may have been captured, and an operator may have captured more than has shipped. What the payment method
    // does not take back goes to the customer's credit.
    private async Task<Outcome> RefundWhatHasNotShipped(OrderState state, PaymentView payment, StepContext step)
    {
        if (Unearned(payment) > 0 && Movement(payment, PaymentOperation.Refund, RefundUnshipped) is null)
        {
            var answer = await Payment.Refund(
                new RefundPayment(RefundUnshipped, Unearned(payment), null, state.Closing!.Reason, Unearned: true),
                Awaited(step.CallFor(RefundUnshipped)));
            if (answer.Accepted) payment = answer.Value;
        }

        // Nothing checks a credit, so what it is for is read from the journal first (decision 12), once no refund is on its way.
        if (Unearned(payment) > 0) payment = await Payment.GetLatest() ?? payment;
        if (!payment.Settled) return Wait(payment, "the refund of what has not shipped");
        return new Outcome.Done(s => OrderRules.Closed(s, payment.Id, Math.Max(0, Unearned(payment))));

        long Unearned(PaymentView seen) => seen.Captured - seen.Refunded - state.Credited - state.Earned;
    }

    // A retry seldom helps, but a person may have intervened at the provider. At the latest the authorization expires.
    private static Outcome VoidRefused(PaymentView payment) => new Outcome.Retry(s => OrderRules.Waiting(
        s, $"The payment provider refuses to give the authorization back: {payment.Reason} It is asked again until that runs out."));

    // There may be another payment of that id, made by hand.
    private async Task<bool> IsNotAuthorized(StepContext step) =>
        !(await Payment.CancelAuthorization(step.CallOf(Authorization))).Accepted && await Payment.Get() is null;

    private CallContext Awaited(CallContext call) => call with { WaitUntil = clock.GetUtcNow() + WaitForPayment };

    private async Task<PaymentView> Settled() => await Payment.WhenSettled(clock.GetUtcNow() + WaitForPayment)
        ?? throw new InvalidOperationException($"The order '{orderId}' asked for its payment, and there is no '{PaymentId(orderId)}'.");

    private static PaymentMovement? Movement(PaymentView payment, PaymentOperation kind, string id) =>
        payment.Movements.LastOrDefault(m => m.Kind == kind && m.Id == id);

    private static Outcome Wait(PaymentView payment, string forWhat) =>
        new Outcome.Wait(s => OrderRules.Waiting(s, Reason(payment, forWhat)));

    private static string Reason(PaymentView payment, string forWhat) =>
        payment.Waiting ?? $"Waiting for the payment provider: {forWhat}.";
}
