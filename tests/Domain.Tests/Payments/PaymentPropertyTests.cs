using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Payments;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

public sealed class PaymentPropertyTests
{
    private static readonly ProviderResult No = new ProviderResult.Refused("no", "The bank said no.");

    private enum Kind
    {
        Capture,
        CaptureRest,
        Refund,
        RefundRest,
        Void,
        Approve,
        Refuse,
        TimeOut,
        NotFound,
        Wait,
        Expire,
        Later,
    }

    [Fact]
    public void Captures_stay_within_holds_and_refunds_within_captures_and_every_entry_balances()
    {
        var step = from kind in Gen.Elements(Enum.GetValues<Kind>())
                   from id in Gen.Choose(1, 12)
                   from amount in Gen.Frequency((9, Gen.Choose(1, 60).Select(a => (long)a)), (1, Gen.Elements(0L, -1L, long.MaxValue)))
                   select (kind, id, amount);
        var steps = Gen.Choose(0, 60).SelectMany(n => Gen.ArrayOf(step, n));

        Prop.ForAll(steps.ToArbitrary(), Holds).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    private static bool Holds((Kind Kind, int Id, long Amount)[] steps)
    {
        var payment = new RuledPayment();
        payment.Accept(payment.Authorize(RuledPayment.Hundred));
        foreach (var (kind, id, amount) in steps)
        {
            Take(payment, kind, $"m{id}", amount);
            Check(payment);
        }

        return true;
    }

    private static void Take(RuledPayment payment, Kind kind, string id, long amount)
    {
        var (state, under) = (payment.State, payment.State.Current);
        var decision = kind switch
        {
            Kind.Capture => payment.Capture(id, amount),
            Kind.CaptureRest => payment.Capture(id, null),
            Kind.Refund => payment.Refund(id, amount),
            Kind.RefundRest => payment.Refund(id, null),
            Kind.Void => payment.Void(),
            Kind.Approve when under is not null =>
                PaymentRules.Outcome(state, RuledPayment.Id, under, new ProviderResult.Approved("p"), Given.Now),
            Kind.Refuse when under is not null => PaymentRules.Outcome(state, RuledPayment.Id, under, No, Given.Now),
            Kind.TimeOut when under is not null => PaymentRules.TimedOut(state, RuledPayment.Id, under),
            Kind.NotFound when under is { Unanswered: true } => PaymentRules.NotFound(state, RuledPayment.Id, under),
            Kind.Wait => PaymentRules.Wait(state, "The provider is away."),
            Kind.Expire => PaymentRules.Expire(state, payment.Now),
            _ => default(Decision<PaymentFact>?),
        };
        if (kind == Kind.Later) payment.Now += TimeSpan.FromDays(1);
        if (decision is { Refusal: null } accepted) payment.Accept(accepted);
    }

    private static void Check(RuledPayment payment)
    {
        var state = payment.State;
        var captured = payment.Facts.OfType<PaymentCaptured>().Sum(f => f.Amount.Minor);
        var refunded = payment.Facts.OfType<PaymentRefunded>().Sum(f => f.Amount.Minor);
        var authorized = payment.Facts.OfType<PaymentAuthorized>().Sum(f => f.Amount.Minor);
        var released = payment.Facts.OfType<PaymentVoided>().Sum(f => f.Amount.Minor)
            + payment.Facts.OfType<AuthorizationExpired>().Sum(f => f.Amount.Minor);
        Assert.True(captured <= authorized && refunded <= captured);
        Assert.Equal(authorized, captured + released + state.Holds.Held);
        Assert.Equal((captured, refunded), (state.Captured, state.Refunded));
        Assert.True(state.Capturable >= 0 && state.Refundable >= 0);
        Assert.All(
            payment.Facts.Where(f => f is PaymentCaptured or PaymentRefunded),
            f => Assert.Null(LedgerRules.Fault(LedgerReactions.EntryOf(RuledPayment.Id, Given.Now, f)!)));
        Assert.Equal(state.Pending.Select(r => r.Name).Distinct().Count(), state.Pending.Count);
        Assert.Equal(state.Current is null, PaymentProcess.Next(state) is null);
    }
}
