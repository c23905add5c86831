using Commerce.Kernel;
using Commerce.Payments;
using Outcome = Commerce.Kernel.StepOutcome<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>
/// The steps of an order that move money. A step sends its command, waits a moment for the provider's answer, and otherwise runs again
/// later: a reaction to the payment's facts signals it. It relies on what the payment shows, so that an operator may have moved money by
/// hand.
/// </summary>
internal sealed class PaymentSteps(string orderId, IEntities entities, TimeProvider clock)
{
    /// <summary>How long a step waits inside its call before the reaction takes over: most providers answer sooner.</summary>
    private static readonly TimeSpan WaitForPayment = TimeSpan.FromSeconds(5);

    private const string RefundUnshipped = "not_shipped";

    private static readonly string AuthorizeStep = new OrderStep.Authorize().Name;

    private IPayment Payment => entities.Get<IPayment>(PaymentId(orderId));

    /// <summary>The payment of an order.</summary>
    public static string PaymentId(string orderId) => $"pay_{orderId["ord_".Length..]}";

    /// <summary>Has the total authorized; confirms, or fails the order.</summary>
    public async Task<Outcome> Authorize(OrderState state, StepContext step)
    {
        var answer = await Ask(state, step.Call);
        if (answer.Refusal is { } no) return Fail(no.Code, $"The payment was not accepted: {no.Detail}");
        var payment = await Settled();
        return payment.Status switch
        {
            PaymentStatus.Authorized or PaymentStatus.PartlyCaptured or PaymentStatus.Captured =>
                new Outcome.Done(s => OrderRules.Confirmed(s, payment.Id)),
            PaymentStatus.Declined => Fail("payment_declined", $"The payment was declined: {payment.Reason}"),
            PaymentStatus.Voided or PaymentStatus.Expired => Fail("payment_gone", $"The payment was given back: {payment.Reason}"),
            _ when clock.GetUtcNow() >= state.PlacedAt + OrderToCash.AuthorizedWithin => Fail(
                "payment_not_authorized", $"The payment was not authorized within {OrderToCash.AuthorizedWithin.TotalHours} hours."),
            _ => Wait(payment, "the answer to the authorization"),
        };

        static Outcome Fail(string code, string reason) => new Outcome.Done(s => OrderRules.Failed(s, code, reason));
    }

    /// <summary>
    /// Captures what is owed for all that has shipped, this shipment included, and is not captured yet; or gives the reason in words why
    /// that is impossible.
    /// </summary>
    public async Task<(Outcome? Outcome, string? Refused)> Capture(OrderState state, Shipment shipment, StepContext step)
    {
        var owed = shipment.Amount + state.Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount);
        var payment = await Settled();
        Refusal? no = null;
        if (payment.Settled && payment.Captured < owed && Movement(payment, PaymentOperation.Capture, shipment.Id) is null)
        {
            var answer = await Payment.Capture(
                new CapturePayment(shipment.Id, owed - payment.Captured, shipment.ShippedAt, $"Shipment {shipment.Id} of {orderId}"),
                step.Call);
            (no, payment) = (answer.Refusal, await Settled());
        }

        if (payment.Captured >= owed) return (new Outcome.Done(s => OrderRules.Captured(s, shipment.Id)), null);
        if (!payment.Settled) return (Wait(payment, $"the capture for shipment '{shipment.Id}'"), null);
        var why = no?.Detail ?? Movement(payment, PaymentOperation.Capture, shipment.Id)?.Reason ?? payment.Reason;
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
                new RefundPayment(returned.Id, Due(payment), returned.ReturnedAt, returned.Reason), step.Call);
            if (!answer.Accepted) return Credit(await Settled());
            payment = await Settled();
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

    /// <summary>Voids what is authorized and not captured; null when nothing is any more.</summary>
    public async Task<Outcome?> Release(OrderState state, StepContext step)
    {
        if (!state.PaymentWanted) return null;

        // An authorization may still be in flight: sent again with its operation id, it exists and can be voided, and cannot arrive later
        // (decision 4).
        var asked = state.Closing?.From != OrderStatus.Held || (await Ask(state, step.CallOf(AuthorizeStep))).Accepted;
        if (!asked && await Payment.Get() is null) return null;
        var payment = await Settled();
        if (payment is { Settled: true, Authorized: 0 }) return await RefundWhatHasNotShipped(state, payment, step);
        var attempt = payment.Settled ? $"void@{payment.Version}" : "void";
        await Payment.Void(new VoidPayment(state.Closing!.Reason), step.CallFor(attempt));
        payment = await Settled();
        return payment switch
        {
            { Settled: true, Authorized: 0 } => await RefundWhatHasNotShipped(state, payment, step),
            { Settled: true } => VoidRefused(payment),
            _ => Wait(payment, "the authorization to be given back"),
        };
    }

    // An operator may have captured more than has shipped. What the method does not take back stays on the receivable account, where it
    // shows as owed to the customer.
    private async Task<Outcome?> RefundWhatHasNotShipped(OrderState state, PaymentView payment, StepContext step)
    {
        var unearned = payment.Captured - payment.Refunded - state.Credited - state.Earned;
        if (unearned <= 0 || Movement(payment, PaymentOperation.Refund, RefundUnshipped) is not null) return null;
        var answer = await Payment.Refund(
            new RefundPayment(RefundUnshipped, unearned, null, state.Closing!.Reason, Unearned: true), step.CallFor(RefundUnshipped));
        payment = await Settled();
        return !answer.Accepted || payment.Settled ? null : Wait(payment, "the refund of what has not shipped");
    }

    // A retry seldom helps, but a person may have intervened at the provider. At the latest the authorization expires.
    private static Outcome VoidRefused(PaymentView payment) => new Outcome.Retry(s => OrderRules.Waiting(
        s, $"The payment provider refuses to give the authorization back: {payment.Reason} It is asked again until that runs out."));

    private Task<Result<PaymentView>> Ask(OrderState state, CallContext call) => Payment.Authorize(
        new AuthorizePayment(
            orderId, state.Total, state.PaymentMethod!, state.PlacedAt + OrderToCash.HeldFor, state.CustomerId), call);

    private async Task<PaymentView> Settled() => await Payment.WhenSettled(clock.GetUtcNow() + WaitForPayment)
        ?? throw new InvalidOperationException($"The order '{orderId}' asked for its payment, and there is no '{PaymentId(orderId)}'.");

    private static PaymentMovement? Movement(PaymentView payment, PaymentOperation kind, string id) =>
        payment.Movements.LastOrDefault(m => m.Kind == kind && m.Id == id);

    private static Outcome Wait(PaymentView payment, string forWhat) =>
        new Outcome.Wait(s => OrderRules.Waiting(s, payment.Waiting ?? $"Waiting for the payment provider: {forWhat}."));
}
