using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Orders;

/// <summary>An order's payments: what is covered by them, what is lost of that, and how another one takes the place of the last.</summary>
public static class OrderPaymentRules
{
    /// <summary>What is not captured yet is to be authorized anew.</summary>
    public static Decision<OrderFact> Pay(string id, OrderState state, PayOrder command)
    {
        if (state.Status is null) return OrderChecks.Unknown(id);
        if (state.IsErased) return Refusals.Erased("order", id);
        if (state.Payments.Any(p => p.Id == command.PaymentId))
            return state.PaymentMethod == command.PaymentMethod
                ? Decision<OrderFact>.Nothing
                : Refusals.Exists("payment", command.PaymentId);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Pay)) return OrderChecks.NotAllowed(id, state, OrderMove.Pay);
        if (OrderChecks.Pay(state, command) is { } wrong) return wrong;
        if (state.PendingPayment is { } pending) return OrderChecks.PaymentPending(pending.Id);
        return new PaymentRequested(OrderStateMachine.To(state.Status, OrderMove.Pay), command.PaymentId, command.PaymentMethod);
    }

    /// <summary>
    /// The pending payment is authorized; those before it capture nothing more. Where it is not pending any more, it changes nothing.
    /// </summary>
    /// <param name="state">Its state.</param>
    /// <param name="payment">The new one.</param>
    /// <param name="before">The others.</param>
    /// <param name="now">The time of recording.</param>
    public static Decision<OrderFact> Replaced(
        OrderState state, PaymentView payment, IReadOnlyList<PaymentView> before, DateTimeOffset now)
    {
        IReadOnlyList<PaymentView> all = [.. before, payment];
        if (state.PendingPayment?.Id != payment.Id) return Note(state, all, now);
        var moved = Moved(state, all);
        var covered = payment.Amount + before.Sum(p => p.Captured) - moved.Aggregate(state, OrderRules.Evolve).Given(RefundKind.Prepayment);
        return Decision<OrderFact>.Of(
            [.. moved, new PaymentReplaced(state.Status!.Value, payment.Id, state.Total with { Minor = payment.Amount }, covered)]);
    }

    /// <summary>The pending payment is not authorized.</summary>
    public static Decision<OrderFact> Failed(OrderState state, string paymentId, string code, string reason) =>
        state.PendingPayment?.Id == paymentId
            ? new PaymentFailed(state.Status!.Value, paymentId, code, reason)
            : Decision<OrderFact>.Nothing;

    /// <summary>All has shipped, and its payments hold nothing any more.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="payments">They; what they have for nothing and did not give back is the customer's credit.</param>
    public static Decision<OrderFact> NothingLeft(OrderState state, IReadOnlyList<PaymentView> payments) =>
        state is { Status: OrderStatus.Shipped, MayHoldTooMuch: true }
        ? new RestReleased(OrderStatus.Shipped, state.CustomerId, state.Total with { Minor = RefundRules.Unearned(state, payments) })
        : Decision<OrderFact>.Nothing;

    /// <summary>Notes what has happened to its payments by other hands: captures, refunds, and authorizations that are gone.</summary>
    public static Decision<OrderFact> Note(OrderState state, IReadOnlyList<PaymentView> payments, DateTimeOffset now)
    {
        var status = state.Status!.Value;
        var facts = Moved(state, payments);
        if (PendingIsGone(state, payments) is { } pending)
            facts = [.. facts, new PaymentFailed(status, pending.Id, "payment_gone", $"The payment was given back: {pending.Reason}")];
        state = facts.Aggregate(state, OrderRules.Evolve);
        if (Lost(state, payments) is not { } lost) return Decision<OrderFact>.Of(facts);
        return Decision<OrderFact>.Of(
        [
            .. facts,
            now < state.PlacedAt + OrderToCash.HeldFor
                ? new AuthorizationLost(
                    status, lost.Id, state.Total with { Minor = lost.Amount - lost.Captured },
                    lost.Reason ?? "It cannot be captured any more.")
                : Cancelled(state, "The authorization of its money expired before everything had shipped."),
        ]);
    }

    /// <summary>True when the payments show something that the order does not know yet.</summary>
    public static bool IsNews(OrderState state, IReadOnlyList<PaymentView> payments) =>
        Captures(state, payments).Any() || RefundRules.Unknown(state, payments).Any() || PendingIsGone(state, payments) is not null
        || Lost(state, payments) is not null;

    /// <summary>When it lapses by itself, as what would expire may be gone by other hands; null: with holds and authorization.</summary>
    public static DateTimeOffset? LapsesAt(OrderState state, DateTimeOffset now) =>
        state.IsOpen
        && (state.AmountDue > 0 || state.Captures.Count > 0 || state.Shipments.Any(s => s.Status == ShipmentStatus.Failed))
            ? state.PlacedAt + OrderToCash.HeldFor
            : null;

    /// <summary>Its time is up.</summary>
    public static Decision<OrderFact> Lapse(OrderState state, DateTimeOffset now) => LapsesAt(state, now) <= now
        ? Cancelled(state, $"Not all of it had shipped within {OrderToCash.HeldFor.TotalDays} days.")
        : Decision<OrderFact>.Nothing;

    /// <summary>Nothing ships for nothing: the refusal of a shipment for which money is neither captured nor authorized.</summary>
    public static Refusal? NotCovered(string id, OrderState state, long amount)
    {
        var wanted = state.Sold + state.Shipments.Where(s => s.IsPending).Sum(s => s.Amount) + amount;
        return wanted <= state.Covered ? null : OrderChecks.PaymentRequired(id, state, wanted - state.Covered);
    }

    /// <summary>What its payments are after a fact about them.</summary>
    public static OrderState Evolve(OrderState state, OrderFact fact) => fact switch
    {
        PaymentRequested f => With(state, f.PaymentId, OrderPaymentStatus.Requested) with
        {
            PaymentMethod = f.PaymentMethod, MayHoldTooMuch = true,
        },
        PaymentReplaced f => With(
            state with
            {
                Payments =
                [
                    .. state.Payments.Select(p => p.Status is OrderPaymentStatus.Authorized or OrderPaymentStatus.Gone
                        ? p with { Status = OrderPaymentStatus.Replaced }
                        : p),
                ],
                Covered = f.Covered,
            }, f.PaymentId, OrderPaymentStatus.Authorized),
        RestReleased f => Released(state, "It was not needed any more: all had shipped.") with
        {
            Credited = state.Credited + f.Credited.Minor, Overpaid = state.Overpaid + f.Credited.Minor,
        },
        PaymentFailed f => With(state, f.PaymentId, OrderPaymentStatus.Declined, f.Reason),
        AuthorizationLost f => With(state, f.PaymentId, OrderPaymentStatus.Gone, f.Reason) with
        {
            Covered = state.Covered - f.Amount.Minor,
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not about an order's payments."),
    };

    /// <summary>The same order, whose payments hold nothing any more.</summary>
    public static OrderState Released(OrderState state, string reason) => state with
    {
        MayHoldTooMuch = false,
        Payments =
        [
            .. state.Payments.Select(p => p.Status == OrderPaymentStatus.Requested
                ? p with { Status = OrderPaymentStatus.Gone, Reason = reason }
                : p),
        ],
    };

    /// <summary>The same order, with that payment in this status; null: there is none.</summary>
    public static OrderState With(OrderState state, string? paymentId, OrderPaymentStatus status, string? reason = null)
    {
        if (paymentId is null) return state;
        var payment = new OrderPayment(paymentId, status, reason);
        return state with
        {
            Payments = state.Payments.Any(p => p.Id == paymentId)
                ? [.. state.Payments.Select(p => p.Id == paymentId ? payment : p)]
                : [.. state.Payments, payment],
        };
    }

    private static IReadOnlyList<OrderFact> Moved(OrderState state, IReadOnlyList<PaymentView> payments) =>
    [
        .. Captures(state, payments).Select(c => new CaptureNoted(
            state.Status!.Value, c.PaymentId, c.Capture.Id, state.Total with { Minor = c.Capture.Amount }, c.Capture.OccurredAt,
            OrderErasureRules.Noted(state, c.Capture.Reason))),
        .. RefundRules.Note(state, payments),
    ];

    // By hand: a shipment's capture has its id.
    private static IEnumerable<(string PaymentId, PaymentMovement Capture)> Captures(
        OrderState state, IReadOnlyList<PaymentView> payments) =>
        from payment in payments
        from movement in payment.Movements
        where movement is { Kind: PaymentOperation.Capture, Status: PaymentOperationStatus.Succeeded }
            && !state.Shipments.Any(s => s.Id == movement.Id)
            && !state.Captures.Any(c => (c.PaymentId, c.Id) == (payment.Id, movement.Id))
        select (payment.Id, movement);

    // Given back by hand before the order had noted that it was authorized.
    private static PaymentView? PendingIsGone(OrderState state, IReadOnlyList<PaymentView> payments) => state.PendingPayment is { } pending
        ? payments.FirstOrDefault(p => p.Id == pending.Id && p.Status is (PaymentStatus.Voided or PaymentStatus.Expired))
        : null;

    // Of the payment that counts. One that was replaced was given back by the order itself.
    private static PaymentView? Lost(OrderState state, IReadOnlyList<PaymentView> payments) => payments.FirstOrDefault(p =>
        state is { IsOpen: true, PendingPayment: null } && p is { Settled: true, Authorized: 0 } && p.Captured < p.Amount
        && state.Payments.Any(known => known.Id == p.Id && known.Status == OrderPaymentStatus.Authorized));

    private static CancellationRequested Cancelled(OrderState state, string reason) =>
        new(OrderStateMachine.To(state.Status, OrderMove.Cancel), reason);
}
