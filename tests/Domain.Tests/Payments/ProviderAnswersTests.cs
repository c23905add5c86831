using Commerce.Kernel;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

/// <summary>What comes in of the answers of payment providers.</summary>
public sealed class ProviderAnswersTests
{
    private static readonly Money Asked = new(100, "GBP");

    [Theory]
    [InlineData("ch_1", 100L, "GBP", true)]
    [InlineData("ch_1", null, null, true)]
    [InlineData("ch_1", 99L, "GBP", false)]
    [InlineData("ch_1", 10_000L, "GBP", false)]
    [InlineData("ch_1", 100L, "EUR", false)]
    [InlineData("", 100L, "GBP", false)]
    [InlineData(null, 100L, "GBP", false)]
    [InlineData("ch 1", 100L, "GBP", false)]
    [InlineData("ch\n1", 100L, "GBP", false)]
    public async Task An_approval_that_cannot_be_right_is_an_unknown_outcome(string? id, long? minor, string? currency, bool right)
    {
        var provider = new Answering(new ProviderResult.Approved(id!, minor is { } m ? new Money(m, currency!) : null));
        var (authorizing, capturing) = (new RuledPayment(), RuledPayment.Authorized());
        authorizing.Accept(authorizing.Authorize(RuledPayment.Hundred));
        capturing.Accept(capturing.Capture("cap_1", null));
        foreach (var payment in new[] { authorizing, capturing })
        {
            await Check(payment);
            payment.Accept(PaymentRules.TimedOut(payment.State, RuledPayment.Id, payment.State.Current!));
            await Check(payment); // what a lookup finds, too
        }

        async Task Check(RuledPayment payment)
        {
            var step = PaymentProcess.Next(payment.State)!;
            var ask = () => PaymentProcess.Ask(provider, step, payment.State, RuledPayment.Id, default);
            if (right) Assert.Same(provider.Result, await ask());
            else await Assert.ThrowsAsync<ProviderTimeoutException>(ask);
        }
    }

    [Fact]
    public void A_refusal_comes_in_as_words_that_can_be_shown()
    {
        Assert.Equal(
            new ProviderResult.Refused("card_declined", "No money."),
            ProviderAnswers.Checked(new ProviderResult.Refused("card_declined", "No money."), Asked));
        Assert.Equal(
            new ProviderResult.Refused("unknown", "Nomoney.[31m"),
            ProviderAnswers.Checked(new ProviderResult.Refused("DROP TABLE", "No\r\nmoney.\u001b[31m\u202e"), Asked));
        var longest = (ProviderResult.Refused)ProviderAnswers.Checked(new ProviderResult.Refused("no", new string('x', 9_000)), Asked)!;
        Assert.Equal(200, longest.Reason.Length);
        Assert.Equal("It gives no reason.", ((ProviderResult.Refused)ProviderAnswers.Checked(
            new ProviderResult.Refused("no", null!), Asked)!).Reason);
        Assert.Null(ProviderAnswers.Checked(null, Asked));
    }

    [Theory]
    [InlineData(-5, 1)]
    [InlineData(30, 30)]
    [InlineData(1_000_000, 600)]
    public void A_provider_that_asks_for_time_gets_between_a_second_and_ten_minutes(int asked, int given) =>
        Assert.Equal(TimeSpan.FromSeconds(given), ProviderAnswers.Pause(TimeSpan.FromSeconds(asked)));

    private sealed class Answering(ProviderResult result) : IPaymentProvider
    {
        public ProviderResult Result => result;

        public string Name => "answering";

        public Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel) =>
            Task.FromResult(result);

        public Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
            Task.FromResult(result);

        public Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) => Task.FromResult(result);

        public Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
            Task.FromResult(result);

        public Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel) =>
            Task.FromResult<ProviderResult?>(result);
    }
}
