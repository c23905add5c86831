using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

/// <summary>A provider that swallows requests, and truly says of each that it never saw it.</summary>
public sealed class LostRequestTests
{
    [Fact]
    public async Task A_repeatedly_lost_request_is_retried_ever_less_often_until_the_line_works()
    {
        var (swallows, requests) = (true, 0);
        await using var payments = new RunningPayments(sandbox => new Line(sandbox, _ =>
        {
            Interlocked.Increment(ref requests);
            return swallows ? throw new ProviderTimeoutException("The line is silent.") : null;
        }));
        await payments.Authorize("pm_sandbox_ok");

        var waiting = await payments.Until("pay_1", v => v.Waiting?.Contains("again and again") == true, "it says so");
        Assert.False(waiting.Settled);
        var later = payments.Clock.Now.AddHours(0.5);
        await payments.Clock.Until(
            () => Task.FromResult(payments.Clock.Now >= later), "time passes", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1));

        Assert.InRange(requests, 10, 40); // one a minute, after the first few
        Assert.InRange((await payments.Payment().Get())!.Version, 20, 2 * 40);

        swallows = false;
        var view = await payments.Settled();
        Assert.Equal((PaymentStatus.Authorized, null), (view.Status, view.Waiting));
        payments.AgreesWithTheSandbox(view);
    }

    [Fact]
    public async Task Who_wakes_a_payment_does_not_wait_for_its_pause()
    {
        var swallows = true;
        await using var payments = new RunningPayments(sandbox => new Line(
            sandbox, _ => swallows ? throw new ProviderTimeoutException("The line is silent.") : null));
        await payments.Authorize("pm_sandbox_ok");
        await payments.Until("pay_1", v => v.Waiting?.Contains("again and again") == true, "it says so");
        swallows = false;

        await payments.Payment().Continue(payments.Call());

        var now = payments.Clock.Now;
        await payments.Clock.Until(
            async () => (await payments.Payment().Get())!.Settled, "it goes on", TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        Assert.InRange(payments.Clock.Now - now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }
}
