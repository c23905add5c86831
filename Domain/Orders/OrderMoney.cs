using Commerce.Kernel;
using Commerce.Payments;
using Result = Commerce.Kernel.StepResult<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>
/// The steps of an order that move money. A step asks, waits a moment for the provider's answer, and otherwise comes again:
/// a reaction to the payment's facts wakes it. It goes by what the payment shows, so that an operator may have moved money by hand.
/// </summary>
internal sealed class OrderMoney(string orderId, IEntities entities, TimeProvider clock)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private const string Unearned = "not_shipped";

    // Forgotten with the process: then the first pause is short once more.
    private int _refusedVoids;

    private IPayment Payment => entities.Get<IPayment>(PaymentId(orderId));

    /// <summary>The payment of an order.</summary>
    public static string PaymentId(string orderId) => $"pay_{orderId["ord_".Length..]}";

    /// <summary>Has the total authorized; confirms, or fails the order.</summary>
    public async Task<Result> Authorize(OrderState state, CallContext call)
    {
        var answer = await Ask(state, call.For($"{orderId}/authorize"));
        if (answer.Refusal is { } no) return Fail(no.Code, $"The payment was not accepted: {no.Detail}");
        var payment = await Settled();
        return payment.Status switch
        {
            PaymentStatus.Authorized or PaymentStatus.PartlyCaptured or PaymentStatus.Captured =>
                new Result.Done(s => OrderOutcomes.Confirmed(s, payment.Id)),
            PaymentStatus.Declined => Fail("payment_declined", $"The payment was declined: {payment.Reason}"),
            PaymentStatus.Voided or PaymentStatus.Expired => Fail("payment_gone", $"The payment was given back: {payment.Reason}"),
            _ when clock.GetUtcNow() >= state.PlacedAt + OrderToCash.AuthorizedWithin => Fail(
                "payment_not_authorized", $"The payment was not authorized within {OrderToCash.AuthorizedWithin.TotalHours} hours."),
            _ => Wait(payment, "the answer to the authorization"),
        };

        static Result Fail(string code, string reason) => new Result.Done(s => OrderOutcomes.Failed(s, code, reason));
    }

    /// <summary>
    /// Takes what is owed for all that has shipped, this shipment included, and not taken yet. The reason in words when it cannot be had.
    /// </summary>
    public async Task<(Result? Result, string? Refused)> Capture(OrderState state, Shipment shipment, CallContext call)
    {
        var owed = shipment.Amount + state.Shipments.Where(s => s.Status == WorkStatus.Completed).Sum(s => s.Amount);
        var payment = await Settled();
        Refusal? no = null;
        if (payment.Settled && payment.Captured < owed && Move(payment, PaymentOperation.Capture, shipment.Id) is null)
        {
            var answer = await Payment.Capture(
                new MoveMoney(shipment.Id, owed - payment.Captured, shipment.ShippedAt, $"Shipment {shipment.Id} of {orderId}"),
                call.For($"{orderId}/capture/{shipment.Id}"));
            (no, payment) = (answer.Refusal, await Settled());
        }

        if (payment.Captured >= owed) return (new Result.Done(s => OrderOutcomes.Captured(s, shipment.Id)), null);
        if (!payment.Settled) return (Wait(payment, $"the capture for shipment '{shipment.Id}'"), null);
        var why = no?.Detail ?? Move(payment, PaymentOperation.Capture, shipment.Id)?.Reason ?? payment.Reason;
        return (null, $"Its money could not be captured: {why}");
    }

    /// <summary>Gives a return's money back: to the payment method or, where that is refused, to the customer's credit.</summary>
    public async Task<Result> Refund(OrderState state, Return back, CallContext call)
    {
        if (back.Amount == 0) return Done(RefundedTo.Nowhere);
        var payment = await Settled();
        if (payment.Settled && Move(payment, PaymentOperation.Refund, back.Id) is null)
        {
            if (Due(payment) < back.Amount) payment = await Verified(state, back, payment, call);
            if (Due(payment) == 0) return Done(RefundedTo.PaymentMethod);
            var answer = await Payment.Refund(
                new MoveMoney(back.Id, Due(payment), back.ReturnedAt, back.Reason), call.For($"{orderId}/refund/{back.Id}"));
            if (!answer.Accepted) return Credit(await Settled());
            payment = await Settled();
        }

        return Move(payment, PaymentOperation.Refund, back.Id)?.Status switch
        {
            PaymentOperationStatus.Succeeded => Done(RefundedTo.PaymentMethod),
            PaymentOperationStatus.Refused when payment.Settled => Credit(payment),
            _ => Wait(payment, $"the refund of return '{back.Id}'"),
        };

        // What an operator has given back by hand is not given back twice, nor is what went to the customer's credit before.
        long Due(PaymentView seen) => Math.Clamp(seen.Captured - seen.Refunded - state.Credited, 0, back.Amount);

        Result Credit(PaymentView seen) =>
            Due(seen) is > 0 and var due ? Done(RefundedTo.CustomerCredit, due) : Done(RefundedTo.PaymentMethod);

        Result Done(RefundedTo to, long credited = 0) => new Result.Done(s => OrderOutcomes.Refunded(s, back.Id, to, credited));
    }

    /// <summary>Gives back what is authorized and not captured; null when nothing is any more.</summary>
    public async Task<Result?> GiveBack(OrderState state, CallContext call)
    {
        if (!state.PaymentWanted) return null;

        // An authorization that was asked for may still be on its way: asked for once more, it is there to be voided and cannot come later.
        var asked = state.ClosingFrom != OrderStatus.Held || (await Ask(state, call.For($"{orderId}/authorize"))).Accepted;
        if (!asked && await Payment.Get() is null) return null;
        var payment = await Settled();
        if (payment is { Settled: true, Authorized: 0 }) return await GiveBackUnearned(state, payment, call);
        var again = payment.Settled ? $"void@{payment.Version}" : "void";
        await Payment.Void(new VoidPayment(state.Reason!), call.For($"{orderId}/{again}"));
        payment = await Settled();
        return payment switch
        {
            { Settled: true, Authorized: 0 } => await GiveBackUnearned(state, payment, call),
            { Settled: true } => VoidRefused(payment),
            _ => Wait(payment, "the authorization to be given back"),
        };
    }

    // An operator may have captured more than has shipped. What the method does not take back stays on the receivable account, where it
    // shows as owed to the customer.
    private async Task<Result?> GiveBackUnearned(OrderState state, PaymentView payment, CallContext call)
    {
        var unearned = payment.Captured - payment.Refunded - state.Credited - state.Earned;
        if (unearned <= 0 || Move(payment, PaymentOperation.Refund, Unearned) is not null) return null;
        var answer = await Payment.Refund(
            new MoveMoney(Unearned, unearned, null, state.Reason, Unearned: true), call.For($"{orderId}/refund/{Unearned}"));
        payment = await Settled();
        return !answer.Accepted || payment.Settled ? null : Wait(payment, "the refund of what has not shipped");
    }

    // Asking again seldom helps, but a person may have seen to it at the provider. At the latest the authorization runs out.
    private Result VoidRefused(PaymentView payment)
    {
        var pause = LookAgain * Math.Pow(2, Math.Min(_refusedVoids++, 10));
        return new Result.Later(pause < LongestPause ? pause : LongestPause, s => OrderOutcomes.Waiting(
            s, $"The payment provider refuses to give the authorization back: {payment.Reason} It is asked again until that runs out."));
    }

    private Task<Result<PaymentView>> Ask(OrderState state, CallContext call) => Payment.Authorize(
        new AuthorizePayment(orderId, state.Total, state.PaymentMethod!, state.PlacedAt + OrderToCash.HeldFor), call);

    // Nothing checks a refund that is not asked for, and the payment seen may be a second activation's, of before the capture. What it
    // answers to a request has been through its journal: the same terms once more tell what was really taken.
    private async Task<PaymentView> Verified(OrderState state, Return back, PaymentView seen, CallContext call) =>
        (await Ask(state, call.For($"{orderId}/verify/{back.Id}@{seen.Version}"))).Value ?? seen;

    private async Task<PaymentView> Settled() => await Payment.WhenSettled(clock.GetUtcNow() + Moment)
        ?? throw new InvalidOperationException($"The order '{orderId}' asked for its payment, and there is no '{PaymentId(orderId)}'.");

    private static PaymentMovement? Move(PaymentView payment, PaymentOperation kind, string id) =>
        payment.Movements.LastOrDefault(m => m.Kind == kind && m.Id == id);

    private static Result Wait(PaymentView payment, string forWhat) =>
        new Result.Later(LookAgain, s => OrderOutcomes.Waiting(s, payment.Waiting ?? $"Waiting for the payment provider: {forWhat}."));
}
