using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Orders;

/// <summary>
/// What is given back of an order's money. Invariant: what its payments have captured and not refunded is what has shipped and was not
/// given back, the customer's credit, and what is unearned.
/// </summary>
public static class RefundRules
{
    /// <summary>The refund of what has not shipped, when the order closes.</summary>
    public const string NotShipped = "not_shipped";

    /// <summary>The refund of what was captured beyond the worth of the order, when all of it has shipped.</summary>
    public const string Overpaid = "overpaid";

    /// <summary>Notes what was given back, and of what. What a return gives back is part of the return.</summary>
    public static IReadOnlyList<OrderFact> Note(OrderState state, IReadOnlyList<PaymentView> payments)
    {
        var facts = new List<OrderFact>();
        foreach (var (payment, refund) in Unknown(state, payments).ToList())
        {
            var left = refund.Amount;
            Take(RefundKind.Prepayment, Unearned(state, payments));
            Take(RefundKind.CustomerCredit, state.Credited);
            Take(RefundKind.Allowance, left);

            void Take(RefundKind kind, long most)
            {
                var amount = Math.Min(left, most);
                if (amount <= 0) return;
                left -= amount;
                var fact = new RefundNoted(
                    state.Status!.Value, payment, refund.Id, kind, state.CustomerId, state.Total with { Minor = amount },
                    refund.OccurredAt, OrderErasureRules.Noted(state, refund.Reason));
                facts.Add(fact);
                state = OrderRules.Evolve(state, fact);
            }
        }

        return facts;
    }

    /// <summary>Refunds, with their payments, that are of no return and not noted yet.</summary>
    public static IEnumerable<(string PaymentId, PaymentMovement Refund)> Unknown(OrderState state, IReadOnlyList<PaymentView> payments) =>
        from payment in payments
        from movement in payment.Movements
        where movement is { Kind: PaymentOperation.Refund, Status: PaymentOperationStatus.Succeeded }
            && !state.Returns.Any(r => r.Id == movement.Id)
            && !state.Refunds.Any(r => (r.PaymentId, r.Id) == (payment.Id, movement.Id))
        select (payment.Id, movement);

    /// <summary>What is captured and was for nothing that has shipped; not what was given back of it, and is noted.</summary>
    public static long Unearned(OrderState state, IReadOnlyList<PaymentView> payments)
    {
        if (state is { Closing: not null, Status: not OrderStatus.Closing }) return 0; // the order has given it back, or credited it
        return Math.Max(0, payments.Sum(p => p.Captured) - state.Due - state.Overpaid);
    }

    /// <summary>
    /// What the refunds of that id, at all payments together, are to give back of what is unearned: also what some of them have given back
    /// and is noted.
    /// </summary>
    public static long UnearnedWith(string id, OrderState state, IReadOnlyList<PaymentView> payments) =>
        Unearned(state, payments) + state.Refunds.Where(r => r.Id == id).Sum(r => r.Amount);

    /// <summary>What is to be given back for a return: what its units are worth, and no more than is left of the sale.</summary>
    public static long Due(OrderState state, Return returned) => Math.Clamp(state.Earned, 0, returned.Amount ?? 0);

    /// <summary>What movements of that id have moved, at all payments.</summary>
    public static long Moved(IReadOnlyList<PaymentView> payments, PaymentOperation kind, string id) => payments.SelectMany(p => p.Movements)
        .Where(m => (m.Kind, m.Id, m.Status) == (kind, id, PaymentOperationStatus.Succeeded)).Sum(m => m.Amount);
}
