using System.Text.RegularExpressions;
using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>
/// The rules of a payment. Invariants: what is captured never exceeds what was authorized, what is refunded never exceeds what was
/// captured, and pending movements count as if they had succeeded, so that two at once cannot break either.
/// </summary>
public static partial class PaymentRules
{
    /// <summary>A payment. What is authorized and not captured expires by itself, unless the provider is at work.</summary>
    public static readonly EntityDefinition<PaymentState, PaymentFact> Definition = new("payment/1", PaymentState.Initial, Evolve)
    {
        WhenDue = new((state, _) => state.Current is null && state.Holds.Held > 0 ? state.Terms!.ExpiresAt : null, Expire),
    };

    public static PaymentState Evolve(PaymentState state, PaymentFact fact) => fact switch
    {
        AuthorizationRequested f => state with { Terms = f, Pending = [new(ProviderOperation.Authorize, null, f.Amount.Minor)] },
        PaymentWaiting f => state with { Waiting = f.Reason },
        RequestTimedOut => Retry(state, r => r with { Unanswered = true }),
        RequestNotFound => Retry(state, r => r with { Unanswered = false, Attempt = r.Attempt + 1 }),
        PaymentAuthorized f => Settle(state) with
        {
            Status = PaymentStatus.Authorized,
            Authorization = f.ProviderId,
            Holds = state.Holds.Place(new Hold(PaymentState.HoldId, f.Amount.Minor, state.Terms!.ExpiresAt)),
        },
        PaymentDeclined f => state with { Status = PaymentStatus.Declined, Pending = [], Waiting = null, Reason = f.Reason },
        CaptureRequested f => Ask(state, ProviderOperation.Capture, PaymentOperation.Capture, f.Id, f.Amount, f.OccurredAt, f.Reason),
        PaymentCaptured f => Captured(Move(state, f.Id, PaymentOperationStatus.Succeeded), f.Amount.Minor),
        CaptureRefused f => Move(state, f.Id, PaymentOperationStatus.Refused, f.Reason),
        VoidRequested f => state with
        {
            Voids = state.Voids + 1,
            VoidReason = f.Reason,
            Pending = state.Pending.Add(new(ProviderOperation.Void, $"{state.Voids + 1}", 0)),
        },
        PaymentVoided f => Release(Settle(state), PaymentStatus.Voided, f.Reason),
        VoidRefused f => Settle(state) with { Reason = f.Reason },
        AuthorizationExpired => Release(state, PaymentStatus.Expired, "The authorization ran out."),
        RefundRequested f =>
            Ask(state, ProviderOperation.Refund, PaymentOperation.Refund, f.Id, f.Amount, f.OccurredAt, f.Reason, f.Unearned),
        PaymentRefunded f => Move(state, f.Id, PaymentOperationStatus.Succeeded) with { Refunded = state.Refunded + f.Amount.Minor },
        RefundRefused f => Move(state, f.Id, PaymentOperationStatus.Refused, f.Reason),
        _ => throw new InvalidOperationException($"A payment does not know the fact {fact.GetType().Name}."),
    };

    /// <summary>Money is wanted.</summary>
    public static Decision<PaymentFact> Authorize(
        PaymentState state, string id, AuthorizePayment command, string provider, DateTimeOffset now)
    {
        if (Same(state.Terms, command)) return Decision<PaymentFact>.Nothing;
        if (state.Terms is not null) return Refusals.Exists("payment", id);
        if (BadAmount("/amount/minor", command.Amount.Minor) is { } bad) return bad;
        if (!Currencies.Known(command.Amount.Currency)) return BadCurrency(command.Amount.Currency);
        if (string.IsNullOrWhiteSpace(command.Method)) return NoMethod;
        if (command.ExpiresAt <= now) return PastExpiry(command.ExpiresAt);
        if (command.CustomerId is { } customer && !Ids.Has("cus", customer)) return BadCustomer(customer);
        return new AuthorizationRequested(
            command.OrderId, command.Amount, command.Method, provider, command.ExpiresAt, command.CustomerId);
    }

    /// <summary>Held money is to be taken.</summary>
    public static Decision<PaymentFact> Capture(PaymentState state, string id, CapturePayment command, DateTimeOffset now)
    {
        if (state.Terms is null) return Unknown(id);
        if (Find(state, command) is { } known) return Again(known, PaymentOperation.Capture, command);
        if (BadMovement(command, now) is { } bad) return bad;
        if (!PaymentStateMachine.Allows(state, PaymentMove.Capture)) return NotAllowed(state, id);
        if (state.Terms.ExpiresAt <= now) return TooLate(state.Terms.ExpiresAt);
        if (state.Capturable < (command.Amount ?? 1)) return CaptureTooMuch(state, command.Amount);
        return new CaptureRequested(command.Id, command.Amount ?? state.Capturable, command.OccurredAt ?? now, command.Reason);
    }

    /// <summary>
    /// The authorized and not captured money is to be given back; if the authorization is still in question, once it is known.
    /// </summary>
    public static Decision<PaymentFact> Void(PaymentState state, string id, VoidPayment command, DateTimeOffset now)
    {
        if (state.Terms is null) return Unknown(id);
        if (state.Voiding || !PaymentStateMachine.Allows(state, PaymentMove.Void)) return Decision<PaymentFact>.Nothing;
        if (string.IsNullOrWhiteSpace(command.Reason)) return NoReason;
        if (state.Current is null && state.Terms.ExpiresAt <= now) return Expire(state, now);
        return new VoidRequested(command.Reason.Trim());
    }

    /// <summary>Captured money is to be given back.</summary>
    public static Decision<PaymentFact> Refund(PaymentState state, string id, RefundPayment command, DateTimeOffset now)
    {
        if (state.Terms is null) return Unknown(id);
        if (Find(state, command) is { } known) return Again(known, PaymentOperation.Refund, command);
        if (BadMovement(command, now) is { } bad) return bad;
        if (state.Refundable < (command.Amount ?? 1)) return RefundTooMuch(state, command.Amount);
        return new RefundRequested(
            command.Id, command.Amount ?? state.Refundable, command.OccurredAt ?? now, command.Reason, command.Unearned);
    }

    /// <summary>The authorization's time is up. While the provider is at work its answer comes first.</summary>
    public static Decision<PaymentFact> Expire(PaymentState state, DateTimeOffset now)
    {
        if (state.Current is not null || state.Holds.DueAt(now).Count == 0) return Decision<PaymentFact>.Nothing;
        return new AuthorizationExpired(state.Terms!.OrderId, state.Money(state.Holds.Held));
    }

    /// <summary>The provider has answered, or a lookup has shown the outcome of the request.</summary>
    public static Decision<PaymentFact> Outcome(PaymentState state, string id, PendingRequest request, ProviderResult result)
    {
        if (state.Current?.Name != request.Name) return Decision<PaymentFact>.Nothing; // recorded already
        var order = state.Terms!.OrderId;
        var movement = state.Movements.Find(m => m.Id == request.Id);
        var amount = state.Money(request.Amount);
        return (request.Kind, result) switch
        {
            (ProviderOperation.Authorize, ProviderResult.Approved yes) => new PaymentAuthorized(order, yes.ProviderId, state.Terms.Amount),
            (ProviderOperation.Authorize, ProviderResult.Refused no) => new PaymentDeclined(order, no.Code, no.Reason),
            (ProviderOperation.Capture, ProviderResult.Approved) =>
                new PaymentCaptured(order, request.Id!, amount, movement!.OccurredAt, state.Terms.CustomerId),
            (ProviderOperation.Capture, ProviderResult.Refused no) => new CaptureRefused(order, request.Id!, no.Code, no.Reason),
            (ProviderOperation.Void, ProviderResult.Approved) => new PaymentVoided(order, state.Money(state.Holds.Held), state.VoidReason!),
            (ProviderOperation.Void, ProviderResult.Refused no) => new VoidRefused(order, no.Code, no.Reason),
            (ProviderOperation.Refund, ProviderResult.Approved) =>
                new PaymentRefunded(order, request.Id!, amount, movement!.OccurredAt, movement.Unearned, state.Terms.CustomerId),
            (ProviderOperation.Refund, ProviderResult.Refused no) => new RefundRefused(order, request.Id!, no.Code, no.Reason),
            _ => throw new InvalidOperationException($"A provider answered {request.Name} with {result}, which is no answer to that."),
        };
    }

    /// <summary>The provider did not answer: the outcome of the request is unknown.</summary>
    public static Decision<PaymentFact> TimedOut(PaymentState state, string id, PendingRequest request)
    {
        if (state.Current?.Name != request.Name || state.Current.Unanswered) return Decision<PaymentFact>.Nothing;
        return new RequestTimedOut(request.Reference(id));
    }

    /// <summary>The provider never saw the request, so it may be made again.</summary>
    public static Decision<PaymentFact> NotFound(PaymentState state, string id, PendingRequest request)
    {
        if (state.Current?.Name != request.Name) return Decision<PaymentFact>.Nothing;
        return new RequestNotFound(request.Reference(id));
    }

    /// <summary>The provider is unavailable; recorded once for each outage.</summary>
    public static Decision<PaymentFact> Wait(PaymentState state, string reason)
    {
        if (state.Current is null || state.Waiting is not null) return Decision<PaymentFact>.Nothing;
        return new PaymentWaiting(reason);
    }

    private static PaymentState Settle(PaymentState state) => state with { Pending = state.Pending.RemoveAt(0), Waiting = null };

    private static PaymentState Retry(PaymentState state, Func<PendingRequest, PendingRequest> change) =>
        state with { Pending = state.Pending.SetItem(0, change(state.Pending[0])), Waiting = null };

    private static PaymentState Ask(
        PaymentState state, ProviderOperation request, PaymentOperation kind, string id, long amount, DateTimeOffset occurredAt,
        string? reason, bool unearned = false) =>
        state with
        {
            Movements = state.Movements.Add(new(id, kind, amount, PaymentOperationStatus.Pending, occurredAt, reason, unearned)),
            Pending = state.Pending.Add(new(request, id, amount)),
        };

    private static PaymentState Move(PaymentState state, string id, PaymentOperationStatus status, string? reason = null)
    {
        var index = state.Movements.FindIndex(m => m.Id == id);
        var movement = state.Movements[index];
        return Settle(state) with
        {
            Movements = state.Movements.SetItem(index, movement with { Status = status, Reason = reason ?? movement.Reason }),
        };
    }

    private static PaymentState Captured(PaymentState state, long amount)
    {
        var holds = state.Holds.Post(PaymentState.HoldId, amount);
        return state with
        {
            Holds = holds,
            Captured = state.Captured + amount,
            Pending = holds.Held > 0
                ? state.Pending
                : state.Pending.RemoveAll(r => r.Kind == ProviderOperation.Void), // nothing left to void
            Status = holds.Held > 0 ? PaymentStatus.PartlyCaptured : PaymentStatus.Captured,
        };
    }

    private static PaymentState Release(PaymentState state, PaymentStatus ended, string reason) => state with
    {
        Holds = state.Holds.Void(PaymentState.HoldId),
        Status = state.Captured > 0 ? PaymentStatus.Captured : ended,
        Reason = reason,
    };

    private static PaymentMovement? Find(PaymentState state, MovementCommand command) => state.Movements.Find(m => m.Id == command.Id);

    // The expiry comes from the caller's clock, so it alone does not make a retry another request. Nor does a movement's reason, below.
    private static bool Same(AuthorizationRequested? terms, AuthorizePayment command) =>
        terms is not null && (terms.OrderId, terms.Amount, terms.Method, terms.CustomerId)
            == (command.OrderId, command.Amount, command.Method, command.CustomerId);

    private static Decision<PaymentFact> Again(PaymentMovement known, PaymentOperation kind, MovementCommand command) =>
        known.Kind == kind && (command.Amount ?? known.Amount) == known.Amount
            && (command.OccurredAt ?? known.OccurredAt) == known.OccurredAt
            ? Decision<PaymentFact>.Nothing
            : MovementExists(known);

    private static Refusal? BadMovement(MovementCommand command, DateTimeOffset now) =>
        BadId(command.Id)
        ?? (command.Amount is { } amount ? BadAmount("/amount", amount) : null)
        ?? Refusals.Future("/occurredAt", command.OccurredAt, now);

    [GeneratedRegex("^[!-~]{1,100}\\z")]
    private static partial Regex MovementId();
}
