using Commerce.Engine;
using Commerce.Kernel;
using Commerce.Payments;
using Xunit;

namespace Commerce.Domain.Tests.Payments;

/// <summary>The process dies between a request and its outcome: the money moves once all the same.</summary>
public sealed class PaymentCrashTests : IAsyncDisposable
{
    private readonly RunningPayments _payments = new();

    public ValueTask DisposeAsync() => _payments.DisposeAsync();

    [Fact]
    public async Task A_crash_while_the_provider_is_silent_loses_and_doubles_nothing()
    {
        await _payments.Authorize("pm_sandbox_timeout_moved");
        await Moved(1);
        await _payments.Crash();
        await _payments.Settled();
        await _payments.Capture("a", 60);
        await Moved(2);
        await _payments.Crash();

        var view = await _payments.Settled();

        Assert.Equal((PaymentStatus.PartlyCaptured, 60), (view.Status, view.Captured));
        _payments.AgreesWithTheSandbox(view);
    }

    [Fact]
    public async Task A_crash_before_the_outcome_is_recorded_loses_and_doubles_nothing()
    {
        await _payments.Authorize("pm_sandbox_slow");
        await _payments.Settled();
        await _payments.Capture("a", 60);
        _payments.Store.TakeAway(); // the outcome cannot be recorded
        await Moved(2);
        await _payments.Crash();
        _payments.Store.BringBack();

        var view = await _payments.Settled();

        Assert.Equal(60, view.Captured);
        _payments.AgreesWithTheSandbox(view);
        Assert.Single((await _payments.History()).OfType<PaymentCaptured>());
    }

    [Fact]
    public async Task An_outcome_that_the_dead_process_still_wrote_is_recorded_once()
    {
        await _payments.Authorize("pm_sandbox_slow");
        await _payments.Settled();
        await _payments.Capture("a", 60);
        _payments.Store.Hold();
        await Moved(2);
        await _payments.Crash();
        _payments.Store.Release();

        var view = await _payments.Settled();

        Assert.Equal(60, view.Captured);
        _payments.AgreesWithTheSandbox(view);
        Assert.Single((await _payments.History()).OfType<PaymentCaptured>());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Whatever_happens_in_between_what_the_payments_say_is_what_really_moved(int seed)
    {
        var random = new Random(seed);
        string[] methods =
        [
            "pm_sandbox_ok", "pm_sandbox_slow", "pm_sandbox_flaky", "pm_sandbox_timeout_moved", "pm_sandbox_timeout_not_moved",
            "pm_sandbox_capture_declined", "pm_sandbox_refund_declined",
        ];
        string[] ids = ["pay_1", "pay_2", "pay_3"];
        foreach (var id in ids) await _payments.Authorize(methods[random.Next(methods.Length)], id);

        for (var i = 0; i < 30; i++) await Something(random, ids[random.Next(ids.Length)], $"m{i}");
        _payments.Sandbox.Outage = false;

        foreach (var id in ids)
        {
            var view = await _payments.Settled(id);
            Assert.Null(view.Waiting);
            _payments.AgreesWithTheSandbox(view);
        }
    }

    private async Task Something(Random random, string id, string movement)
    {
        var amount = random.Next(1, 50);
        switch (random.Next(10))
        {
            case 0:
                await _payments.Crash();
                break;
            case 1:
                _payments.Sandbox.Outage = !_payments.Sandbox.Outage;
                break;
            case 2:
                _payments.Store.LoseNext();
                break;
            case 3:
                _payments.Store.CommitNextAndLoseAnswer();
                break;
            case 4 when random.Next(4) == 0:
                await Insist(call => _payments.Payment(id).Void(new VoidPayment("Not wanted."), call));
                break;
            case 5 or 6:
                await Insist(call => _payments.Payment(id).Capture(new CapturePayment(movement, amount), call));
                break;
            case 7:
                await Insist(call => _payments.Payment(id).Refund(new RefundPayment(movement, amount), call));
                break;
            default:
                await Task.Delay(2, TestContext.Current.CancellationToken); // let it run a little
                _payments.Clock.Advance(TimeSpan.FromSeconds(random.Next(1, 12)));
                break;
        }
    }

    // As a client does: the same operation again, until there is an answer.
    private async Task Insist(Func<CallContext, Task> command)
    {
        var call = _payments.Call();
        for (var answered = false; !answered;)
        {
            try
            {
                await command(call);
                answered = true;
            }
            catch (UnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private Task Moved(int times) => _payments.Clock.Until(
        () => Task.FromResult(_payments.Sandbox.Movements.Count == times), $"{times} movements", TimeSpan.FromMilliseconds(250));
}
