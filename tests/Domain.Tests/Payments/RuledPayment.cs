using Commerce.Kernel;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

/// <summary>A payment by its rules alone, without engine or journal. Every fact goes through its JSON, as through the journal.</summary>
internal sealed class RuledPayment
{
    public const string Id = "pay_1";

    public static readonly DateTimeOffset Noon = new(2010, 12, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly AuthorizePayment Hundred = new("ord_1", new Money(100, "GBP"), "pm_any", Noon.AddDays(7), "cus_1");

    public PaymentState State { get; private set; } = PaymentState.Initial;

    public List<PaymentFact> Facts { get; } = [];

    public DateTimeOffset Now { get; set; } = Noon;

    /// <summary>One with a hundred pounds' worth of pence held.</summary>
    public static RuledPayment Authorized()
    {
        var payment = new RuledPayment();
        payment.Accept(payment.Authorize(Hundred));
        payment.Answer(new ProviderResult.Approved("auth"));
        return payment;
    }

    public Decision<PaymentFact> Authorize(AuthorizePayment command) => PaymentRules.Authorize(State, Id, command, "sandbox", Now);

    public Decision<PaymentFact> Capture(string id, long? amount, DateTimeOffset? occurredAt = null) =>
        PaymentRules.Capture(State, Id, new CapturePayment(id, amount, occurredAt), Now);

    public Decision<PaymentFact> Refund(string id, long? amount) => PaymentRules.Refund(State, Id, new RefundPayment(id, amount), Now);

    public Decision<PaymentFact> Void() => PaymentRules.Void(State, Id, new VoidPayment("Not wanted."), Now);

    /// <summary>The provider answers the request that is under way.</summary>
    public void Answer(ProviderResult result) => Accept(PaymentRules.Outcome(State, Id, State.Current!, result, Given.Now));

    /// <summary>The provider approves all that is pending.</summary>
    public RuledPayment Settle()
    {
        while (State.Current is not null) Answer(new ProviderResult.Approved("done"));
        return this;
    }

    public void Accept(Decision<PaymentFact> decision)
    {
        Assert.Null(decision.Refusal);
        foreach (var fact in decision.Facts)
        {
            var kept = (PaymentFact)PaymentsCapability.Facts.Decode(PaymentsCapability.Facts.Encode(fact));
            Facts.Add(kept);
            State = PaymentRules.Evolve(State, kept);
        }
    }
}
