using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Providers;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

public sealed class PaymentProcessTests : IAsyncDisposable
{
    private readonly RunningPayments _payments = new();

    public ValueTask DisposeAsync() => _payments.DisposeAsync();

    [Theory]
    [InlineData("pm_sandbox_ok", 0, 0)]
    [InlineData("pm_sandbox_slow", 0, 0)]
    [InlineData("pm_sandbox_flaky", 0, 0)]
    [InlineData("pm_sandbox_timeout_moved", 4, 0)]
    [InlineData("pm_sandbox_timeout_not_moved", 4, 4)]
    public async Task Whatever_the_line_does_the_money_moves_once(string method, int timedOut, int notFound)
    {
        await _payments.Authorize(method);
        var authorized = await _payments.Settled();
        Assert.Equal((PaymentStatus.Authorized, 100), (authorized.Status, authorized.Authorized));
        await _payments.Capture("a", 60);
        await _payments.Settled();
        await _payments.Refund("r", 20);
        await _payments.Void();

        var view = await _payments.Settled();

        Assert.Equal((PaymentStatus.Captured, 0, 60, 20), (view.Status, view.Authorized, view.Captured, view.Refunded));
        _payments.AgreesWithTheSandbox(view);
        var facts = await _payments.History();
        Assert.Equal((timedOut, notFound), (facts.OfType<RequestTimedOut>().Count(), facts.OfType<RequestNotFound>().Count()));
        Assert.Equal(view.Version, facts.Count);
        Assert.Empty(_payments.Problems);
    }

    [Theory]
    [InlineData("pm_sandbox_declined", "The card was declined.")]
    [InlineData("pm_sandbox_insufficient_funds", "The account has not enough money.")]
    public async Task A_refused_authorization_is_a_declined_payment_with_the_reason(string method, string reason)
    {
        await _payments.Authorize(method);

        var view = await _payments.Settled();

        Assert.Equal((PaymentStatus.Declined, reason, 0), (view.Status, view.Reason, view.Authorized));
        Assert.Empty(_payments.Sandbox.Movements);
    }

    [Fact]
    public async Task A_refused_capture_leaves_the_money_held_to_be_voided()
    {
        await _payments.Authorize("pm_sandbox_capture_declined");
        await _payments.Settled();
        await _payments.Capture("a", 60);
        var refused = await _payments.Settled();
        Assert.Equal(
            (PaymentStatus.Authorized, 100, PaymentOperationStatus.Refused), (refused.Status, refused.Authorized,
                refused.Movements.Single().Status));

        await _payments.Void();
        var view = await _payments.Settled();

        Assert.Equal((PaymentStatus.Voided, 0, "Not wanted."), (view.Status, view.Authorized, view.Reason));
        _payments.AgreesWithTheSandbox(view);
    }

    [Fact]
    public async Task A_refused_refund_leaves_the_money_captured()
    {
        await _payments.Authorize("pm_sandbox_refund_declined");
        await _payments.Settled();
        await _payments.Capture("a", null);
        await _payments.Settled();
        await _payments.Refund("r", 20);

        var view = await _payments.Settled();

        Assert.Equal((100, 0, PaymentOperationStatus.Refused), (view.Captured, view.Refunded, view.Movements[1].Status));
        _payments.AgreesWithTheSandbox(view);
    }

    [Fact]
    public async Task Requests_go_to_the_provider_one_after_the_other_in_the_order_they_were_asked_for()
    {
        await _payments.Authorize("pm_sandbox_slow");
        await _payments.Settled();
        await _payments.Capture("a", 30);
        await _payments.Capture("b", 30);
        await _payments.Void();

        var view = await _payments.Settled();

        Assert.Equal(
            ["pay_1/authorize", "pay_1/capture/a", "pay_1/capture/b", "pay_1/void/1"],
            _payments.Sandbox.Movements.Select(m => m.Reference));
        _payments.AgreesWithTheSandbox(view);
    }

    [Fact]
    public async Task A_payment_voided_while_its_authorization_is_in_question_ends_with_nothing_held()
    {
        await _payments.Authorize("pm_sandbox_timeout_moved");
        await _payments.Void();

        var view = await _payments.Settled();

        Assert.Equal((PaymentStatus.Voided, 0), (view.Status, view.Authorized));
        _payments.AgreesWithTheSandbox(view);
    }

    [Fact]
    public async Task Payments_wait_visibly_while_the_provider_is_away_and_go_on_by_themselves()
    {
        _payments.Sandbox.Outage = true;
        string[] ids = ["pay_1", "pay_2", "pay_3", "pay_4"];
        foreach (var id in ids) await _payments.Authorize("pm_sandbox_ok", id);

        await _payments.Clock.Until(
            () => Task.FromResult(_payments.Provider.Circuit.Status == CircuitStatus.Open), "the circuit opens");
        foreach (var id in ids)
        {
            var waiting = await _payments.Until(id, v => v.Waiting is not null, "it waits");
            Assert.Equal((PaymentStatus.Authorizing, false), (waiting.Status, waiting.Settled));
        }

        _payments.Clock.Advance(TimeSpan.FromMinutes(2)); // the outage goes on, and nothing more is said about it
        Assert.Empty(_payments.Sandbox.Movements);
        _payments.Sandbox.Outage = false;

        foreach (var id in ids)
        {
            var view = await _payments.Settled(id);
            Assert.Equal((PaymentStatus.Authorized, null), (view.Status, view.Waiting));
            _payments.AgreesWithTheSandbox(view);
            Assert.Single((await _payments.History(id)).OfType<PaymentWaiting>());
        }

        Assert.Equal(CircuitStatus.Closed, _payments.Provider.Circuit.Status);
        Assert.Empty(_payments.Problems);
    }

    [Fact]
    public async Task A_lookup_is_repeated_until_the_provider_tells()
    {
        await _payments.Authorize("pm_sandbox_timeout_moved");
        await _payments.Clock.Until(
            () => Task.FromResult(_payments.Sandbox.Movements.Count == 1), "the money is held, without an answer");
        _payments.Sandbox.Outage = true;
        await _payments.Until("pay_1", v => v.Waiting is not null, "it waits");
        _payments.Clock.Advance(TimeSpan.FromSeconds(30));
        _payments.Sandbox.Outage = false;

        var view = await _payments.Settled();

        Assert.Equal(PaymentStatus.Authorized, view.Status);
        _payments.AgreesWithTheSandbox(view);
        Assert.Empty((await _payments.History()).OfType<RequestNotFound>());
    }

    [Fact]
    public async Task What_is_not_captured_in_time_expires()
    {
        await _payments.Authorize("pm_sandbox_ok");
        await _payments.Settled();
        await _payments.Capture("a", 30);
        await _payments.Settled();

        _payments.Clock.Advance(TimeSpan.FromHours(1));
        var view = await _payments.Until("pay_1", v => v.Authorized == 0, "it has expired");

        Assert.Equal((PaymentStatus.Captured, 30), (view.Status, view.Captured));
        Assert.Equal(70, Assert.Single((await _payments.History()).OfType<AuthorizationExpired>()).Amount.Minor);
        Assert.Equal("move_not_allowed", (await _payments.Payment().Capture(new CapturePayment("b", 1), _payments.Call())).Refusal!.Code);
    }

    [Fact]
    public async Task Whoever_waits_for_a_payment_is_told_when_it_has_settled_or_when_his_time_is_up()
    {
        Assert.Null(await _payments.Payment("pay_none").WhenSettled(_payments.Clock.Now.AddMinutes(1)));
        await _payments.Authorize("pm_sandbox_slow");
        var patient = _payments.Payment().WhenSettled(_payments.Clock.Now.AddMinutes(1));
        var hasty = _payments.Payment().WhenSettled(_payments.Clock.Now.AddSeconds(1));

        await _payments.Settled();

        Assert.Equal(PaymentStatus.Authorized, (await patient)!.Status);
        Assert.Equal((PaymentStatus.Authorizing, false), ((await hasty)!.Status, (await hasty)!.Settled));
    }
}
