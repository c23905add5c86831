using Commerce.Customers;
using Commerce.Kernel;
using Commerce.Payments;
using Outcome = Commerce.Kernel.StepOutcome<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>
/// The steps of an order that move money. A step sends its command, and waits in the call a moment for the provider's answer. It otherwise
/// runs again later: a reaction to the payment's facts signals it. It relies on what the payments show, so that an operator may have moved
/// money by hand.
/// </summary>
internal sealed class PaymentSteps(string orderId, IEntities entities, TimeProvider clock)
{
    /// <summary>How long a step waits inside its call before the reaction takes over: most providers answer sooner.</summary>
    private static readonly TimeSpan WaitForPayment = TimeSpan.FromSeconds(5);

    private string First => PaymentId(orderId);

    /// <summary>The first payment of an order.</summary>
    public static string PaymentId(string orderId) => $"pay_{orderId["ord_".Length..]}";

    /// <summary>What was done to the payments counts before more is: the step runs again, on what is left. Null: all is known.</summary>
    public static Outcome? News(OrderState state, IReadOnlyList<PaymentView> payments, DateTimeOffset now) =>
        OrderPaymentRules.IsNews(state, payments) ? new Outcome.Done(s => OrderPaymentRules.Note(s, payments, now)) : null;

    /// <summary>Its payments as the journal has them: nothing checks what is done because of what they do not show (decision 12).</summary>
    public async Task<IReadOnlyList<PaymentView>> Latest(OrderState state) => await Existing(state, id => Payment(id).GetLatest());

    /// <summary>Has the total authorized; confirms, or fails the order.</summary>
    public async Task<Outcome> Authorize(OrderState state, StepContext step)
    {
        var (payment, refusal) = await Authorize(First, state.Total, state, step);
        if (payment is null)
            return new Outcome.Done(s => OrderRules.Failed(s, refusal!.Code, $"The payment was not accepted: {refusal.Detail}"));
        return Answer(payment) switch
        {
            { Authorized: true } => new Outcome.Done(s => OrderRules.Confirmed(s, payment.Id)),
            { Code: { } code, Reason: var reason } => Fail(code, reason!),
            _ when clock.GetUtcNow() >= state.PlacedAt + OrderToCash.AuthorizedWithin => Fail(
                "payment_not_authorized", $"The payment was not authorized within {OrderToCash.AuthorizedWithin.TotalHours} hours."),
            _ => new Outcome.Wait(s => OrderRules.AwaitingPayment(s, payment.Id, Reason(payment, "the answer to the authorization"))),
        };

        Outcome Fail(string code, string reason) => new Outcome.Done(s => OrderRules.NotPaid(s, payment.Id, code, reason));
    }

    /// <summary>Has what is not captured yet authorized by another payment; what was authorized before is given back then.</summary>
    public async Task<Outcome> Pay(OrderState state, OrderPayment asked, StepContext step)
    {
        var known = await Settled(state);
        var before = known.Where(p => p.Id != asked.Id).ToList();
        if (before.Find(p => !p.Settled) is { } busy) return Wait(busy, "what is under way at the payment before");
        if (News(state, before, clock.GetUtcNow()) is { } news) return news;
        var left = state.Total.Minor + state.Given(RefundKind.Prepayment) - before.Sum(p => p.Captured);
        if (left <= 0) return await NotNeeded(known.FirstOrDefault(p => p.Id == asked.Id));
        var (payment, refusal) = await Authorize(asked.Id, state.Total with { Minor = left }, state, step);
        if (payment is null) return Fail(refusal!.Code, $"The payment was not accepted: {refusal.Detail}");
        var (authorized, code, reason) = Answer(payment);
        if (!authorized) return code is null ? Wait(payment, "the answer to the authorization") : Fail(code, reason!);

        // A void that is refused does not undo the new authorization: the old one is asked for again when all has shipped.
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i].Authorized == 0) continue;
            before[i] = (await Payment(before[i].Id).Void(
                new VoidPayment($"Paid anew with {asked.Id}."), Awaited(step.CallFor($"void/{before[i].Id}")))).Value ?? before[i];
            if (!before[i].Settled) return Wait(before[i], "the authorization before to be given back");
        }

        return new Outcome.Done(s => OrderPaymentRules.Replaced(s, payment, before, clock.GetUtcNow()));

        // A clerk may have captured all of it while the authorization was under way.
        async Task<Outcome> NotNeeded(PaymentView? already)
        {
            if (already is { Authorized: > 0 })
                already = (await Payment(asked.Id).Void(
                    new VoidPayment("All of it is captured already."), Awaited(step.CallFor($"void/{asked.Id}")))).Value ?? already;
            return already is { Settled: false }
                ? Wait(already, "the authorization to be given back")
                : Fail("nothing_to_pay", "All of it is captured already.");
        }

        Outcome Fail(string code, string reason) => new Outcome.Done(s => OrderPaymentRules.Failed(s, asked.Id, code, reason));
    }

    /// <summary>Captures what is due for all that has shipped, this shipment included, and is not captured yet.</summary>
    public async Task<CaptureAnswer> Capture(OrderState state, Shipment shipment, StepContext step)
    {
        if (shipment.Amount == 0) return new([]);
        var due = state.Due + shipment.Amount;
        var id = state.PaymentId ?? First;
        var others = state.Payments.Count > 1 ? (await Settled(state)).Where(p => p.Id != id).ToList() : [];
        var here = due - others.Sum(p => p.Captured);
        var answer = await Payment(id).CaptureUpTo(
            new CaptureTotal(shipment.Id, here, shipment.ShippedAt),
            Awaited(step.CallOf($"capture/{shipment.Id}/{id}/{here}")));
        var payment = answer.Value ?? await Settled(id);
        IReadOnlyList<PaymentView> payments = [.. others, payment];
        if (payment.Captured >= here) return new(payments);
        if (!payment.Settled || answer.Refusal?.Code == CaptureTotal.Busy)
            return new(payments) { Waiting = Reason(payment, $"the capture for shipment '{shipment.Id}'") };
        var why = answer.Refusal?.Detail ?? Movement(payment, PaymentOperation.Capture, shipment.Id) switch
        {
            { Status: PaymentOperationStatus.Succeeded } => "What was captured was given back by hand before it had shipped.",
            { } refused => refused.Reason,
            null => payment.Reason,
        };
        return new(payments) { Refused = $"Its money could not be captured: {why}" };
    }

    /// <summary>Gives a return's money back: to the payment methods or, where these refuse, to the customer's credit.</summary>
    public async Task<Outcome> Refund(OrderState state, Return returned, StepContext step)
    {
        if (returned.Amount == 0) return new Outcome.Done(s => ReturnRules.Refunded(s, returned.Id, 0));
        var due = RefundRules.Due(state, returned);
        var (notYet, _, refunded) = await GiveBack(
            state, await Settled(state), returned.Id, due, returned.ReturnedAt, returned.Reason, step);
        return notYet ?? new Outcome.Done(s => ReturnRules.Refunded(s, returned.Id, refunded, refused: refunded < due));
    }

    /// <summary>Voids what is authorized and not captured, and closes the order when nothing is any more.</summary>
    public async Task<Outcome> Release(OrderState state, StepContext step)
    {
        if (state.Total.Minor == 0) return new Outcome.Done(s => OrderRules.Closed(s, []));
        var (payments, notYet) = await Void(state, state.Closing!.Reason, step);
        if (notYet is not null) return notYet;

        // A shipment that was given up may have been captured, and an operator may have captured more than has shipped.
        (notYet, payments, _) = await GiveBackUnearned(state, payments, RefundRules.NotShipped, state.Closing.Reason, step);
        return notYet ?? new Outcome.Done(s => OrderRules.Closed(s, payments));
    }

    /// <summary>
    /// Voids what payments hold and is not needed, as one that was replaced did not let go; and gives back what was captured of it by hand.
    /// </summary>
    public async Task<Outcome> ReleaseRest(OrderState state, StepContext step)
    {
        const string reason = "All of it has shipped.";
        var payments = await Settled(state);
        var (notYet, _, _) = await GiveBackUnearned(state, payments, RefundRules.Overpaid, reason, step);
        if (notYet is not null) return notYet;
        (payments, notYet) = await Void(state, reason, step);
        return notYet ?? News(state, payments, clock.GetUtcNow())
            ?? new Outcome.Done(s => OrderPaymentRules.NothingLeft(s, payments));
    }

    /// <summary>Erases the order, once nothing is under way at its payments and they hold nothing.</summary>
    public async Task<Outcome> Erasable(OrderState state, StepContext step)
    {
        var payments = await Settled(state);
        if (payments.FirstOrDefault(p => !p.Settled || p.Authorized > 0) is { } busy) return Wait(busy, $"the end of payment {busy.Id}");
        if (News(state, payments, clock.GetUtcNow()) is { } news) return news;
        var customer = state.CustomerId is null ? null : await entities.Get<ICustomer>(state.CustomerId).Get();
        var name = customer?.Erasure == ErasureStatus.Erased ? null : customer?.Name;
        return new Outcome.Done(s => OrderErasureRules.Erased(s, name, clock.GetUtcNow()));
    }

    /// <summary>Has its payments erased.</summary>
    public async Task<Outcome> Erase(OrderState state, StepContext step)
    {
        foreach (var payment in await Existing(state, id => Payment(id).GetLatest()))
            if (!(await Payment(payment.Id).Erase(step.CallFor(payment.Id))).Accepted)
                return Wait(payment, $"the end of payment {payment.Id}");
        return new Outcome.Done(OrderErasureRules.Completed);
    }

    private async Task<(IReadOnlyList<PaymentView> Payments, Outcome? NotYet)> Void(OrderState state, string reason, StepContext step)
    {
        var payments = new List<PaymentView>();
        foreach (var id in IdsOf(state))
        {
            // An authorization may still be on its way. Cancelled by its operation id, it cannot arrive later (decision 4).
            if (!IsKnown(state, id) && await IsNotAuthorized(id, step)) continue;
            var payment = await Settled(id);
            if (payment is not { Settled: true, Authorized: 0 })
            {
                var attempt = payment.Settled ? $"void@{payment.Version}" : "void";
                var answer = await Payment(id).Void(
                    new VoidPayment(reason), Awaited(step.CallFor(id == First ? attempt : $"{id}/{attempt}")));
                payment = answer.Value ?? await Settled(id);
            }

            if (payment is { Settled: true, Authorized: > 0 }) return ([], VoidRefused(payment));
            if (!payment.Settled) return ([], Wait(payment, "the authorization to be given back"));
            payments.Add(payment);
        }

        return (payments, null);
    }

    private Task<(Outcome? NotYet, IReadOnlyList<PaymentView> Payments, long Moved)> GiveBackUnearned(
        OrderState state, IReadOnlyList<PaymentView> payments, string id, string reason, StepContext step) =>
        GiveBack(state, payments, id, RefundRules.UnearnedWith(id, state, payments), null, reason, step);

    // From the latest payment on, as far as each has something to give. What none of them takes is for the customer's credit. Nothing
    // checks a refund that is skipped, nor a credit: what they are for is read from the journal first (decision 12).
    private async Task<(Outcome? NotYet, IReadOnlyList<PaymentView> Payments, long Moved)> GiveBack(
        OrderState state, IReadOnlyList<PaymentView> payments, string id, long due, DateTimeOffset? at, string reason, StepContext step)
    {
        var seen = payments.ToList();
        if (seen.Sum(p => p.Captured - p.Refunded) < due - Moved()) seen = [.. await Latest(state)];
        if (seen.Find(p => !p.Settled) is { } busy) return Now(Waiting(busy));
        if (News(state, seen, clock.GetUtcNow()) is { } news) return Now(news);
        for (var i = seen.Count - 1; i >= 0; i--)
        {
            var part = Math.Min(due - Moved(), seen[i].Captured - seen[i].Refunded);
            if (part <= 0 || Movement(seen[i], PaymentOperation.Refund, id) is not null) continue;
            var answer = await Payment(seen[i].Id).Refund(
                new RefundPayment(id, part, NotBefore(at, seen[i]), reason), Awaited(step.CallFor($"{seen[i].Id}/{part}")));
            if (answer.Accepted) seen[i] = answer.Value;
            if (!seen[i].Settled) return Now(Waiting(seen[i]));
        }

        if (Moved() < due)
        {
            seen = [.. await Latest(state)];
            if (seen.Find(p => !p.Settled) is { } still) return Now(Waiting(still));
        }

        return Now(News(state, seen, clock.GetUtcNow()));

        Outcome Waiting(PaymentView payment) => Wait(payment, $"the refund '{id}'");

        (Outcome?, IReadOnlyList<PaymentView>, long) Now(Outcome? notYet) => (notYet, seen, Moved());

        long Moved() => RefundRules.Moved(seen, PaymentOperation.Refund, id);
    }

    // A clerk may have captured later than the units came back by their papers.
    private static DateTimeOffset? NotBefore(DateTimeOffset? at, PaymentView payment)
    {
        var captured = payment.Movements
            .Where(m => m is { Kind: PaymentOperation.Capture, Status: PaymentOperationStatus.Succeeded }).Min(m => m.OccurredAt);
        return at < captured ? captured : at;
    }

    private async Task<(PaymentView? Payment, Refusal? Refusal)> Authorize(string id, Money amount, OrderState state, StepContext step)
    {
        var answer = await Payment(id).Authorize(
            new AuthorizePayment(orderId, amount, state.PaymentMethod!, state.PlacedAt + OrderToCash.HeldFor, state.CustomerId),
            Awaited(step.CallOf(AuthorizationOf(id))));
        return (answer.Value, answer.Refusal);
    }

    private static (bool Authorized, string? Code, string? Reason) Answer(PaymentView payment) => payment.Status switch
    {
        PaymentStatus.Authorized or PaymentStatus.PartlyCaptured or PaymentStatus.Captured => (true, null, null),
        PaymentStatus.Declined => (false, "payment_declined", $"The payment was declined: {DeclineWords.Of(payment.DeclineCode)}"),
        PaymentStatus.Voided or PaymentStatus.Expired => (false, "payment_gone", $"The payment was given back: {payment.Reason}"),
        _ => (false, null, null),
    };

    // A retry seldom helps, but a person may have intervened at the provider. At the latest the authorization expires.
    private static Outcome VoidRefused(PaymentView payment) => new Outcome.Retry(s => OrderRules.Waiting(
        s, $"The payment provider refuses to give the authorization back: {payment.Reason} It is asked again until that runs out."));

    private IReadOnlyList<string> IdsOf(OrderState state) => state.Payments.Count == 0 ? [First] : [.. state.Payments.Select(p => p.Id)];

    // The first payment is noted once there is one, another one before. One that was not accepted does not exist.
    private bool IsKnown(OrderState state, string id) => state.Payments.Any(p =>
        p.Id == id && (id == First || p.Status is not (OrderPaymentStatus.Requested or OrderPaymentStatus.Declined)));

    // There may be another payment of that id, made by hand.
    private async Task<bool> IsNotAuthorized(string id, StepContext step) =>
        !(await Payment(id).CancelAuthorization(step.CallOf(AuthorizationOf(id)))).Accepted && await Payment(id).Get() is null;

    private string AuthorizationOf(string id) => id == First ? "authorize" : $"authorize/{id}";

    private CallContext Awaited(CallContext call) => call with { WaitUntil = clock.GetUtcNow() + WaitForPayment };

    private Task<IReadOnlyList<PaymentView>> Settled(OrderState state) =>
        Existing(state, id => Payment(id).WhenSettled(clock.GetUtcNow() + WaitForPayment));

    private async Task<PaymentView> Settled(string id) => await Payment(id).WhenSettled(clock.GetUtcNow() + WaitForPayment)
        ?? throw new InvalidOperationException($"The order '{orderId}' asked for its payment, and there is no '{id}'.");

    private async Task<IReadOnlyList<PaymentView>> Existing(OrderState state, Func<string, Task<PaymentView?>> read) =>
        [.. (await Batched.ForEach(IdsOf(state), read)).Select(p => p.Result).OfType<PaymentView>()];

    private static PaymentMovement? Movement(PaymentView payment, PaymentOperation kind, string id) =>
        payment.Movements.LastOrDefault(m => m.Kind == kind && m.Id == id);

    private static Outcome Wait(PaymentView payment, string forWhat) =>
        new Outcome.Wait(s => OrderRules.Waiting(s, Reason(payment, forWhat)));

    private static string Reason(PaymentView payment, string forWhat) =>
        payment.Waiting ?? $"Waiting for the payment provider: {forWhat}.";

    private IPayment Payment(string id) => entities.Get<IPayment>(id);
}

/// <summary>What became of the capture for a shipment.</summary>
/// <param name="Payments">The order's payments then; none: there was nothing to capture.</param>
internal sealed record CaptureAnswer(IReadOnlyList<PaymentView> Payments)
{
    /// <summary>What it waits for, in words.</summary>
    public string? Waiting { get; init; }

    /// <summary>Why it is impossible, in words.</summary>
    public string? Refused { get; init; }
}
