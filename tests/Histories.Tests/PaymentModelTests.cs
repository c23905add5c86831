using Xunit;
using Op = Commerce.Histories.Operation<Commerce.Histories.PaymentAsked, Commerce.Histories.PaymentAnswer>;

namespace Commerce.Histories.Tests;

/// <summary>What the model of a payment takes for possible. Each begins with 100 authorized, at the times 0 to 1.</summary>
public sealed class PaymentModelTests
{
    private static readonly PaymentAnswer Done = new PaymentAnswer.Done();

    [Fact]
    public void A_capture_is_seen_pending_and_then_succeeded_and_never_again_as_it_was()
    {
        Op[] captured = [.. Capture("a", 60, 2, 9), Get(3, 4, "authorized", 100, 0, 0, ("a", "capture", 60, "pending"))];
        Explained([.. captured, Get(5, 6, "partly_captured", 40, 60, 0, ("a", "capture", 60, "succeeded"))]);
        NotExplained([.. captured, Get(5, 6, "authorized", 100, 0, 0)]);
        NotExplained([.. captured, Get(10, 11, "authorized", 100, 0, 0, ("a", "capture", 60, "pending"))]); // it was settled by then
    }

    [Fact]
    public void No_more_is_captured_than_was_authorized_also_at_the_same_time()
    {
        Explained([.. Capture("a", 60, 2, 9), Refused("capture", "b", 60, 3, 8, "capture_exceeds_authorization", 40)]);
        NotExplained([.. Capture("a", 60, 2, 9), .. Capture("b", 60, 3, 8)]);
        NotExplained([.. Capture("a", 60, 2, 9), Refused("capture", "b", 40, 3, 8, "capture_exceeds_authorization", 0)]);
    }

    [Fact]
    public void No_more_is_refunded_than_was_captured_also_at_the_same_time()
    {
        Op[] captured = [.. Capture("a", 100, 2, 3), .. Move("refund", "r", 70, 4, 9)];
        Explained([.. captured, Refused("refund", "s", 70, 5, 8, "refund_exceeds_capture", 30)]);
        Explained([.. captured, Get(10, 11, "captured", 0, 100, 70, ("a", "capture", 100, "succeeded"), ("r", "refund", 70, "succeeded"))]);
        NotExplained([.. captured, .. Move("refund", "s", 70, 5, 8)]);
        NotExplained([.. captured, Get(10, 11, "captured", 0, 100, 140, ("a", "capture", 100, "succeeded"))]);
    }

    [Fact]
    public void Without_an_amount_it_is_all_that_is_left_at_that_moment()
    {
        Op[] both = [.. Capture("a", 60, 2, 9), .. Capture("b", null, 3, 8)];
        Explained([.. both, Get(10, 11, "captured", 0, 100, 0, ("a", "capture", 60, "succeeded"), ("b", "capture", 40, "succeeded"))]);
        NotExplained([.. both, Get(10, 11, "partly_captured", 40, 60, 0, ("a", "capture", 60, "succeeded"))]);
    }

    [Fact]
    public void A_voided_payment_is_not_captured()
    {
        var asked = new Op("order", new PaymentAsked.Void(), 2, 3, Done);
        var voided = new Op("order", new PaymentAsked.Settle(PaymentAsked.Voiding), 2, 3, Done, asked);
        Explained([asked, voided, Refused("capture", "a", 10, 4, 5, "move_not_allowed", null), Get(6, 7, "voided", 0, 0, 0)]);
        NotExplained([asked, voided, .. Capture("a", 10, 4, 5)]);
    }

    [Fact]
    public void A_capture_whose_answer_was_lost_happened_once_or_not_at_all()
    {
        var lost = new Op("cashier", new PaymentAsked.Move("capture", "a", 60), 2, null, null);
        Op[] open = [lost, new Op("cashier", new PaymentAsked.Settle("a"), 2, null, null, lost)];
        Explained([.. open, Get(3, 4, "authorized", 100, 0, 0)]);
        Explained([.. open, Get(3, 4, "partly_captured", 40, 60, 0, ("a", "capture", 60, "succeeded"))]);
        NotExplained([.. open, Get(3, 4, "captured", 0, 100, 0, ("a", "capture", 60, "succeeded"))]);
    }

    private static void Explained(Op[] history)
    {
        var finding = Linearizability.Check("payment A", new PaymentModel(), [.. Authorized(), .. history]);
        Assert.True(finding.Explained, finding.Why);
    }

    private static void NotExplained(Op[] history) =>
        Assert.False(Linearizability.Check("payment A", new PaymentModel(), [.. Authorized(), .. history]).Explained);

    private static Op[] Authorized()
    {
        var asked = new Op("order", new PaymentAsked.Authorize(100), 0, 1, Done);
        return [asked, new Op("order", new PaymentAsked.Settle(PaymentAsked.Authorization), 0, 1, Done, asked)];
    }

    private static Op[] Capture(string id, long? amount, long sent, long settled) => Move("capture", id, amount, sent, settled);

    private static Op[] Move(string kind, string id, long? amount, long sent, long settled)
    {
        var asked = new Op("cashier", new PaymentAsked.Move(kind, id, amount), sent, settled, Done);
        return [asked, new Op("cashier", new PaymentAsked.Settle(id), sent, settled, Done, asked)];
    }

    private static Op Refused(string kind, string id, long? amount, long sent, long answered, string code, long? left) =>
        new("cashier", new PaymentAsked.Move(kind, id, amount), sent, answered, new PaymentAnswer.Refused(code, left));

    private static Op Get(
        long sent, long answered, string status, long authorized, long captured, long refunded,
        params (string Id, string Kind, long Amount, string Status)[] movements)
    {
        var list = movements.Aggregate(default(Listed<Movement>), (l, m) => l.With(new Movement(m.Id, m.Kind, m.Amount, m.Status)));
        var settled = !movements.Any(m => m.Status == "pending");
        return new("reader", new PaymentAsked.Get(), sent, answered, new PaymentAnswer.View(
            status, settled, authorized, captured, refunded, list));
    }
}
