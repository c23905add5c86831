using System.Diagnostics.CodeAnalysis;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>
/// The returns of an order (decision 32). Asked for, a return only keeps its units; received, it is calculated, and stock and money follow.
/// Invariants: of a line, units that are back or kept for a return are never more than shipped; what all returns are worth is never more
/// than what was sold.
/// </summary>
public static class ReturnRules
{
    /// <summary>The most returns of an order that are asked for or rejected: to ask costs nothing, and each is kept.</summary>
    public const int MaxNotReceived = 20;

    /// <summary>How long units may take to come. Then the return is rejected, and no erasure waits for it any more.</summary>
    public static readonly TimeSpan ComesWithin = TimeSpan.FromDays(30);

    /// <summary>Asks to give shipped units back; with those that are here already, takes them in.</summary>
    public static Decision<OrderFact> Request(
        string id, OrderState state, ReturnItems command, Caller caller, DateTimeOffset now, Refusal? closed = null)
    {
        if (state.Status is null) return OrderChecks.Unknown(id);
        if (state.IsErased) return Refusals.Erased("order", id);
        if (command.Received && MayNotReceive(caller) is { } mayNot) return mayNot;
        if (state.Returns.FirstOrDefault(r => r.Id == command.ReturnId) is { } had)
            return Same(command, had) ? Decision<OrderFact>.Nothing : Refusals.Exists("return", had.Id);
        if (!OrderStateMachine.Allows(state.Status, OrderMove.Return)) return OrderChecks.NotAllowed(id, state, OrderMove.Return);
        if ((OrderChecks.Return(state, command, now) ?? closed) is { } wrong) return wrong;
        if (!command.Received && state.Erasing is not null) return Refusals.Erased("order", id); // which would wait for the units
        if (!command.Received && TooMany(state) is { } tooMany) return tooMany;
        var kept = LineAllocation.KeptForReturns(state);
        var (parts, bad) = LineAllocation.Pick(
            state, command.Lines, l => l.Shipped - l.Returned - kept.GetValueOrDefault(l.Line),
            (field, detail) => OrderChecks.TooMuch("return_exceeds_shipment", field, detail));
        if (bad is not null) return bad;
        if (OrderChecks.ReturnedTooSoon(state, command.ReturnedAt, parts) is { } tooSoon) return tooSoon;
        var asked = new Return(
            command.ReturnId, ReturnStatus.Requested, parts, null, command.Reason.Trim(), command.Reference,
            (command.ReturnedAt ?? now).ToUniversalTime());
        var requested = new ReturnRequested(OrderStateMachine.To(state.Status, OrderMove.Return), asked);
        return command.Received
            ? Decision<OrderFact>.Of(requested, Received(state, asked, command.ReturnedAt, now))
            : requested;
    }

    /// <summary>The units of a return are here. Whatever else happens to the order, they are taken in.</summary>
    public static Decision<OrderFact> Receive(
        string id, OrderState state, ReceiveReturn command, DateTimeOffset now, Refusal? closed = null)
    {
        if (Missing(id, state, command.ReturnId, out var asked) is { } missing) return missing;
        if (asked.ReturnedAt is not null && SameTime(command.ReturnedAt, asked)) return Decision<OrderFact>.Nothing;
        if (!ReturnStateMachine.Allows(asked.Status, ReturnMove.Receive)) return NotAllowed(asked, "be received");
        var wrong = Refusals.Future("/returnedAt", command.ReturnedAt, now) ?? closed
            ?? OrderChecks.ReturnedTooSoon(state, command.ReturnedAt, asked.Lines);
        return wrong ?? (Decision<OrderFact>)Received(state, asked, command.ReturnedAt, now);
    }

    /// <summary>A return that was asked for is not taken; its units are free again.</summary>
    public static Decision<OrderFact> Reject(string id, OrderState state, RejectReturn command)
    {
        if (Missing(id, state, command.ReturnId, out var asked) is { } missing) return missing;
        if (Validate.Text("/reason", command.Reason, LineRules.MaxReason) is { } wrong) return wrong;
        var reason = command.Reason.Trim();
        if (asked.Rejection == reason) return Decision<OrderFact>.Nothing;
        if (!ReturnStateMachine.Allows(asked.Status, ReturnMove.Reject)) return NotAllowed(asked, "be rejected");
        return new ReturnRejected(state.Status!.Value, asked.Id, reason);
    }

    /// <summary>When the first of those that are asked for will have taken too long to come; null: none is.</summary>
    public static DateTimeOffset? LapsesAt(OrderState state) =>
        state.Returns.Where(r => r.Status == ReturnStatus.Requested).Min(r => (DateTimeOffset?)r.RequestedAt) + ComesWithin;

    /// <summary>What has not come in time is rejected.</summary>
    public static Decision<OrderFact> Lapse(OrderState state, DateTimeOffset now) => Decision<OrderFact>.Of(
    [
        .. state.Returns.Where(r => r.Status == ReturnStatus.Requested && r.RequestedAt + ComesWithin <= now).Select(
            r => new ReturnRejected(state.Status!.Value, r.Id, $"Its units did not come within {ComesWithin.TotalDays} days.")),
    ]);

    /// <summary>The pending return's units are back on the shelf.</summary>
    public static Decision<OrderFact> Restocked(OrderState state, string returnId)
    {
        if (state.PendingReturn is not { Status: ReturnStatus.Received } pending || pending.Id != returnId)
            return Decision<OrderFact>.Nothing;
        return new ReturnRestocked(state.Status!.Value, returnId);
    }

    /// <summary>The pending return's money is back: with the payment method, or as the customer's credit.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="returnId">The return.</param>
    /// <param name="refunded">Minor units that the payment method took.</param>
    /// <param name="refused">True when it does not take the rest.</param>
    public static Decision<OrderFact> Refunded(OrderState state, string returnId, long refunded, bool refused = false)
    {
        if (state.PendingReturn is not { ReturnedAt: { } returnedAt } pending || pending.Id != returnId) return Decision<OrderFact>.Nothing;
        var credited = refused ? RefundRules.Due(state, pending) - refunded : 0;
        var to = credited > 0 ? RefundedTo.CustomerCredit : refunded > 0 ? RefundedTo.PaymentMethod : RefundedTo.Nowhere;
        return new ReturnCompleted(
            state.Status!.Value, returnId, state.CustomerId, state.Total with { Minor = refunded + credited }, to, returnedAt, credited);
    }

    /// <summary>What its returns are after a fact about them.</summary>
    public static OrderState Evolve(OrderState state, OrderFact fact) => fact switch
    {
        ReturnRequested f => state with { Returns = [.. state.Returns, f.Return] },
        ReturnReceived f => Last(state, f.ReturnId, r => r with
        {
            Status = ReturnStatus.Received, Amount = f.Amount.Minor, ReturnedAt = f.ReturnedAt,
        }),
        ReturnRejected f => With(state, f.ReturnId, r => r with { Status = ReturnStatus.Rejected, Rejection = f.Reason }),
        ReturnRestocked f => With(state, f.ReturnId, r => r with { Status = ReturnStatus.Restocked }),
        ReturnCompleted f => With(state, f.ReturnId, r => r with
        {
            Status = ReturnStatus.Completed, RefundedTo = f.RefundedTo, Refunded = f.Refunded.Minor,
        }) with
        {
            Lines = LineAllocation.With(
                state.Lines, state.Returns.First(r => r.Id == f.ReturnId).Lines, (l, units) => l with { Returned = l.Returned + units }),
            Credited = state.Credited + f.Credited,
        },
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is not about an order's returns."),
    };

    // What is being given back for earlier ones counts, so that all together are worth what was sold, and no more.
    private static ReturnReceived Received(OrderState state, Return asked, DateTimeOffset? returnedAt, DateTimeOffset now)
    {
        var before = LineAllocation.BeingReturned(state);
        var amount = LineAllocation.Worth(state, asked.Lines, n => state.Line(n).Returned + before.GetValueOrDefault(n));
        return new ReturnReceived(
            state.Status!.Value, asked.Id, state.Total with { Minor = amount }, (returnedAt ?? now).ToUniversalTime());
    }

    private static Refusal? Missing(string id, OrderState state, string returnId, [NotNull] out Return? asked)
    {
        asked = state.Returns.FirstOrDefault(r => r.Id == returnId);
        if (state.Status is not null && !state.IsErased && asked is not null) return null;
        asked = null!;
        return state.Status is null ? OrderChecks.Unknown(id)
            : state.IsErased ? Refusals.Erased("order", id)
            : Refusals.Unknown("return", returnId, "Get the order: it lists its returns.");
    }

    private static Refusal? MayNotReceive(Caller caller) => OrderScopes.Receive.Check(
        caller, "may not take goods in", "Leave received out to ask for the return", "/received");

    private static Refusal NotAllowed(Return asked, string move) => Refusals.MoveNotAllowed(
        "return", asked.Id, move, EnumWords.Of(asked.Status),
        [.. ReturnStateMachine.AllowedCommands(asked.Status).Select(EnumWords.Of)]);

    private static Refusal? TooMany(OrderState state)
    {
        var count = state.Returns.Count(r => r.Status is ReturnStatus.Requested or ReturnStatus.Rejected);
        return count < MaxNotReceived ? null : new Refusal(
            "too_many_returns", RefusalKind.Conflict, $"{count} returns of this order were asked for and not received.",
            "Send the units of one that is open, or hand them to a person, who can take them in at once.");
    }

    private static bool Same(ReturnItems command, Return had) =>
        LineAllocation.Same(command.Lines, had.Lines) && command.Reason?.Trim() == had.Reason && command.Reference == had.Reference
        && SameTime(command.ReturnedAt, had) && !(command.Received && had.ReturnedAt is null);

    private static bool SameTime(DateTimeOffset? returnedAt, Return had) => returnedAt is null || returnedAt == had.ReturnedAt;

    // Behind those that were received before, as money is given back in that order: one that went ahead of a refund under way would be
    // given what that refund takes.
    private static OrderState Last(OrderState state, string id, Func<Return, Return> change) =>
        state with { Returns = [.. state.Returns.Where(r => r.Id != id), change(state.Returns.First(r => r.Id == id))] };

    private static OrderState With(OrderState state, string id, Func<Return, Return> change) =>
        state with { Returns = [.. state.Returns.Select(r => r.Id == id ? change(r) : r)] };
}
