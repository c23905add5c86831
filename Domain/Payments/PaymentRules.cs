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
    public static readonly EntityDefinition<PaymentState, PaymentFact> Definition = new("payment/4", PaymentState.Initial, Evolve)
    {
        OwnerOf = (_, state) => new Owner(state.Terms?.CustomerId, state.Terms?.OrderId),
        WhenDue = new((state, _) => state.Current is null && state.Holds.Held > 0 ? state.Terms!.ExpiresAt : null, Expire),
    };

    public static PaymentState Evolve(PaymentState state, PaymentFact fact) => fact switch
    {
        AuthorizationRequested f => state with
        {
            Terms = f with { AwaitedUntil = null },
            Pending = [new(ProviderOperation.Authorize, null, f.Amount.Minor, AwaitedUntil: f.AwaitedUntil)],
        },
        PaymentWaiting f => state with { Waiting = f.Reason },
        RequestTimedOut => Retry(state, r => r with { Unanswered = true }),
        RequestNotFound => Retry(state, r => r with { Unanswered = false, Attempt = r.Attempt + 1 }),
        PaymentAuthorized f => Settle(state) with
        {
            Status = PaymentStatus.Authorized,
            Authorization = f.ProviderId,
            Holds = state.Holds.Place(new Hold(PaymentState.HoldId, f.Amount.Minor, state.Terms!.ExpiresAt)),
        },
        PaymentDeclined f => state with
        {
            Status = PaymentStatus.Declined, Pending = [], Waiting = null, Reason = f.Reason, DeclineCode = f.Code,
        },
        CaptureRequested f =>
            Ask(state, new(ProviderOperation.Capture, f.Id, f.Amount, AwaitedUntil: f.AwaitedUntil), f.OccurredAt, f.Reason),
        PaymentCaptured f => Captured(Move(state, f.Id, PaymentOperationStatus.Succeeded), f.Amount.Minor),
        CaptureRefused f => Move(state, f.Id, PaymentOperationStatus.Refused, f.Reason),
        VoidRequested f => state with
        {
            Voids = state.Voids + 1,
            VoidReason = f.Reason,
            Pending = state.Pending.Add(new(ProviderOperation.Void, $"{state.Voids + 1}", 0, AwaitedUntil: f.AwaitedUntil)),
        },
        PaymentVoided f => Release(Settle(state), PaymentStatus.Voided, f.Reason),
        VoidRefused f => Settle(state) with { Reason = f.Reason },
        AuthorizationExpired => Release(state, PaymentStatus.Expired, "The authorization ran out."),
        RefundRequested f =>
            Ask(state, new(ProviderOperation.Refund, f.Id, f.Amount, AwaitedUntil: f.AwaitedUntil), f.OccurredAt, f.Reason),
        PaymentRefunded f => Move(state, f.Id, PaymentOperationStatus.Succeeded) with { Refunded = state.Refunded + f.Amount.Minor },
        RefundRefused f => Move(state, f.Id, PaymentOperationStatus.Refused, f.Reason),
        PaymentErased f => Erased(state, f),
        _ => throw new InvalidOperationException($"A payment does not know the fact {fact.GetType().Name}."),
    };

    /// <summary>Money is wanted.</summary>
    public static Decision<PaymentFact> Authorize(
        PaymentState state, string id, AuthorizePayment command, string provider, DateTimeOffset now, DateTimeOffset? awaitedUntil = null)
    {
        if (Same(state.Terms, command)) return Decision<PaymentFact>.Nothing;
        if (state.Terms is not null) return Refusals.Exists("payment", id);
        if (BadAmount("/amount/minor", command.Amount.Minor) is { } bad) return bad;
        if (!Currencies.Known(command.Amount.Currency)) return BadCurrency(command.Amount.Currency);
        if (string.IsNullOrWhiteSpace(command.Method)) return NoMethod;
        if (command.ExpiresAt <= now) return PastExpiry(command.ExpiresAt);
        if (command.CustomerId is { } customer && !Ids.Has("cus", customer)) return BadCustomer(customer);
        return new AuthorizationRequested(
            command.OrderId, command.Amount, command.Method, provider, command.ExpiresAt, command.CustomerId, awaitedUntil);
    }

    /// <summary>An authorization that may be on its way is not wanted any more.</summary>
    public static Decision<PaymentFact> CancelAuthorization(PaymentState state) =>
        state.Terms is null ? AuthorizationCancelled : Decision<PaymentFact>.Nothing;

    /// <summary>Held money is to be taken.</summary>
    public static Decision<PaymentFact> Capture(
        PaymentState state, string id, CapturePayment command, DateTimeOffset now, DateTimeOffset? awaitedUntil = null,
        Refusal? closed = null)
    {
        if (state.Terms is null) return Unknown(id);
        if (state.ErasedAt is not null) return Refusals.Erased("payment", id);
        if (Find(state, command) is { } known) return Again(state, known, PaymentOperation.Capture, command);
        if ((BadMovement(command, now) ?? closed) is { } bad) return bad;
        if (!PaymentStateMachine.Allows(state, PaymentMove.Capture)) return NotAllowed(state, id);
        if (state.Terms.ExpiresAt <= now) return TooLate(state.Terms.ExpiresAt);
        if (state.Capturable < (command.Amount ?? 1)) return CaptureTooMuch(state, command.Amount);
        return new CaptureRequested(
            command.Id, command.Amount ?? state.Capturable, command.OccurredAt ?? now, command.Reason, awaitedUntil);
    }

    /// <summary>A total is to be captured in all. A request under way may change what is missing, so its outcome comes first.</summary>
    public static Decision<PaymentFact> CaptureUpTo(
        PaymentState state, string id, CaptureTotal command, DateTimeOffset now, DateTimeOffset? awaitedUntil = null)
    {
        if (state.Movements.Exists(m => (m.Id, m.Kind) == (command.Id, PaymentOperation.Capture))) return Decision<PaymentFact>.Nothing;
        if (state.Current is { } current) return Busy(id, current);
        var missing = command.Total - state.Captured;
        if (state.Terms is not null && missing <= 0) return Decision<PaymentFact>.Nothing;
        return Capture(state, id, new CapturePayment(command.Id, missing, command.OccurredAt, command.Reason), now, awaitedUntil);
    }

    /// <summary>
    /// The authorized and not captured money is to be given back; if the authorization is still in question, once it is known.
    /// </summary>
    public static Decision<PaymentFact> Void(
        PaymentState state, string id, VoidPayment command, DateTimeOffset now, DateTimeOffset? awaitedUntil = null)
    {
        if (state.Terms is null) return Unknown(id);
        if (state.Voiding || !PaymentStateMachine.Allows(state, PaymentMove.Void)) return Decision<PaymentFact>.Nothing;
        if (string.IsNullOrWhiteSpace(command.Reason)) return NoReason;
        if (state.Current is null && state.Terms.ExpiresAt <= now) return Expire(state, now);
        return new VoidRequested(command.Reason.Trim(), awaitedUntil);
    }

    /// <summary>Captured money is to be given back.</summary>
    public static Decision<PaymentFact> Refund(
        PaymentState state, string id, RefundPayment command, DateTimeOffset now, DateTimeOffset? awaitedUntil = null,
        Refusal? closed = null)
    {
        if (state.Terms is null) return Unknown(id);
        if (state.ErasedAt is not null) return Refusals.Erased("payment", id);
        if (Find(state, command) is { } known) return Again(state, known, PaymentOperation.Refund, command);
        if ((BadMovement(command, now) ?? closed) is { } bad) return bad;
        if (state.Refundable < (command.Amount ?? 1)) return RefundTooMuch(state, command.Amount);
        if (Refusals.Before("/occurredAt", command.OccurredAt, "anything was captured", FirstCapture(state)) is { } tooSoon) return tooSoon;
        return new RefundRequested(
            command.Id, command.Amount ?? state.Refundable, command.OccurredAt ?? now, command.Reason, awaitedUntil);
    }

    /// <summary>What of it is personal is erased, once nothing is held or under way.</summary>
    public static Decision<PaymentFact> Erase(PaymentState state, string id, DateTimeOffset now)
    {
        if (state.Terms is null) return Unknown(id);
        if (state.ErasedAt is not null) return Decision<PaymentFact>.Nothing;
        return state.IsAtRest ? new PaymentErased(now) : NotAtRest(id);
    }

    /// <summary>The authorization's time is up. While the provider is at work its answer comes first.</summary>
    public static Decision<PaymentFact> Expire(PaymentState state, DateTimeOffset now)
    {
        if (state.Current is not null || state.Holds.DueAt(now).Count == 0) return Decision<PaymentFact>.Nothing;
        return new AuthorizationExpired(state.Terms!.OrderId, state.Money(state.Holds.Held));
    }

    /// <summary>The provider has answered, or a lookup has shown the outcome of the request.</summary>
    public static Decision<PaymentFact> Outcome(
        PaymentState state, string id, PendingRequest request, ProviderResult result, DateTimeOffset now)
    {
        if (state.Current?.Name != request.Name) return Decision<PaymentFact>.Nothing; // recorded already
        var order = state.Terms!.OrderId;
        var movement = state.Movements.Find(m => m.Id == request.Id);
        var amount = state.Money(request.Amount);
        var awaited = request.IsAwaited(now);
        return (request.Kind, result) switch
        {
            (ProviderOperation.Authorize, ProviderResult.Approved yes) =>
                new PaymentAuthorized(order, yes.ProviderId, state.Terms.Amount, awaited),
            (ProviderOperation.Authorize, ProviderResult.Refused no) => new PaymentDeclined(order, no.Code, no.Reason, awaited),
            (ProviderOperation.Capture, ProviderResult.Approved) =>
                new PaymentCaptured(order, request.Id!, amount, movement!.OccurredAt, state.Terms.CustomerId, awaited),
            (ProviderOperation.Capture, ProviderResult.Refused no) => new CaptureRefused(order, request.Id!, no.Code, no.Reason, awaited),
            (ProviderOperation.Void, ProviderResult.Approved) =>
                new PaymentVoided(order, state.Money(state.Holds.Held), state.VoidReason!, awaited),
            (ProviderOperation.Void, ProviderResult.Refused no) => new VoidRefused(order, no.Code, no.Reason, awaited),
            (ProviderOperation.Refund, ProviderResult.Approved) => new PaymentRefunded(
                order, request.Id!, amount, movement!.OccurredAt, state.Terms.CustomerId, awaited),
            (ProviderOperation.Refund, ProviderResult.Refused no) => new RefundRefused(order, request.Id!, no.Code, no.Reason, awaited),
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

    private static PaymentState Erased(PaymentState state, PaymentErased fact) => state with
    {
        ErasedAt = fact.ErasedAt,
        Terms = state.Terms! with { Method = Marks.Erased },
        Movements = state.Movements.ConvertAll(m => m with { Reason = null }),
        VoidReason = null,
        Waiting = null,
        Reason = null,
    };

    private static PaymentState Settle(PaymentState state) => state with { Pending = state.Pending.RemoveAt(0), Waiting = null };

    private static PaymentState Retry(PaymentState state, Func<PendingRequest, PendingRequest> change) =>
        state with { Pending = state.Pending.SetItem(0, change(state.Pending[0])), Waiting = null };

    private static PaymentState Ask(PaymentState state, PendingRequest request, DateTimeOffset occurredAt, string? reason)
    {
        var kind = request.Kind == ProviderOperation.Capture ? PaymentOperation.Capture : PaymentOperation.Refund;
        return state with
        {
            Movements = state.Movements.Add(
                new(request.Id!, kind, request.Amount, PaymentOperationStatus.Pending, occurredAt, reason)),
            Pending = state.Pending.Add(request),
        };
    }

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

    private static DateTimeOffset FirstCapture(PaymentState state) => state.Movements
        .Where(m => m is { Kind: PaymentOperation.Capture, Status: PaymentOperationStatus.Succeeded }).Min(m => m.OccurredAt);

    private static PaymentMovement? Find(PaymentState state, MovementCommand command) => state.Movements.Find(m => m.Id == command.Id);

    // The expiry comes from the caller's clock, so it alone does not make a retry another request. Nor does a movement's reason, below.
    private static bool Same(AuthorizationRequested? terms, AuthorizePayment command) =>
        terms is not null && (terms.OrderId, terms.Amount, terms.Method, terms.CustomerId)
            == (command.OrderId, command.Amount, command.Method, command.CustomerId);

    private static Decision<PaymentFact> Again(
        PaymentState state, PaymentMovement known, PaymentOperation kind, MovementCommand command) =>
        known.Kind == kind && (command.Amount ?? known.Amount) == known.Amount
            && (command.OccurredAt ?? known.OccurredAt) == known.OccurredAt
            ? Decision<PaymentFact>.Nothing
            : MovementExists(state, known);

    private static Refusal? BadMovement(MovementCommand command, DateTimeOffset now) =>
        BadId(command.Id)
        ?? (command.Amount is { } amount ? BadAmount("/amount", amount) : null)
        ?? Refusals.Future("/occurredAt", command.OccurredAt, now);

    [GeneratedRegex("^[!-~]{1,100}\\z")]
    private static partial Regex MovementId();
}
