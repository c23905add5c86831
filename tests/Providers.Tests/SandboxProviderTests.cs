using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Testing;
using Xunit;

namespace Commerce.Providers.Tests;

public sealed class SandboxProviderTests
{
    private static readonly Money Ten = new(1000, "GBP");

    private readonly FakeClock _clock = new();
    private readonly SandboxProvider _sandbox;

    public SandboxProviderTests() => _sandbox = new SandboxProvider(_clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_reference_again_moves_nothing_and_gets_the_same_answer()
    {
        var id = await Authorize("pm_sandbox_ok");
        var first = await _sandbox.Capture("pay_1/capture/a/1", id, Ten, Cancel);

        Assert.Equal(first, await _sandbox.Capture("pay_1/capture/a/1", id, Ten, Cancel));
        Assert.Equal(id, await Authorize("pm_sandbox_ok"));

        Assert.Equal([ProviderOperation.Authorize, ProviderOperation.Capture], _sandbox.Movements.Select(m => m.Kind));
    }

    [Fact]
    public async Task The_same_reference_twice_at_once_moves_once()
    {
        var (first, second) = (Authorize("pm_sandbox_slow"), Authorize("pm_sandbox_slow"));
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(await first, await second);
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public async Task A_reference_cannot_stand_for_two_requests()
    {
        var id = await Authorize("pm_sandbox_ok");
        await _sandbox.Capture("pay_1/capture/a/1", id, new Money(100, "GBP"), Cancel);

        Assert.Equal("reference_reused", Code(await _sandbox.Capture("pay_1/capture/a/1", id, new Money(200, "GBP"), Cancel)));
        Assert.Equal(100, _sandbox.Movements.Last().Amount.Minor);
    }

    [Fact]
    public async Task Captures_stay_within_holds_and_refunds_within_captures_and_a_void_ends_captures()
    {
        var id = await Authorize("pm_sandbox_ok");

        Assert.Equal("amount_too_large", Code(await _sandbox.Refund("r/1", id, new Money(1, "GBP"), Cancel)));
        Assert.IsType<ProviderResult.Approved>(await _sandbox.Capture("a/1", id, new Money(600, "GBP"), Cancel));
        Assert.Equal("amount_too_large", Code(await _sandbox.Capture("b/1", id, new Money(401, "GBP"), Cancel)));
        Assert.Equal("amount_too_large", Code(await _sandbox.Refund("r/2", id, new Money(601, "GBP"), Cancel)));
        Assert.Equal("currency_mismatch", Code(await _sandbox.Capture("c/1", id, new Money(1, "EUR"), Cancel)));
        await _sandbox.Void("v/1", id, Cancel);
        Assert.Equal("amount_too_large", Code(await _sandbox.Capture("d/1", id, new Money(1, "GBP"), Cancel)));

        Assert.Equal([1000, 600, 400], _sandbox.Movements.Select(m => m.Amount.Minor));
    }

    [Fact]
    public async Task Its_authorizations_outlive_a_restart()
    {
        var id = await Authorize("pm_sandbox_ok");
        var restarted = new SandboxProvider(_clock);

        Assert.IsType<ProviderResult.Approved>(await restarted.Capture("a/1", id, Ten, Cancel));
        Assert.IsType<ProviderResult.Approved>(await restarted.Refund("r/1", id, Ten, Cancel));
        Assert.Equal("amount_too_large", Code(await restarted.Capture("b/1", id, new Money(1, "GBP"), Cancel)));

    }

    [Fact]
    public async Task Its_methods_behave_the_same_after_a_restart()
    {
        var id = await Authorize("pm_sandbox_refund_declined");

        Assert.Equal("refund_declined", Code(await new SandboxProvider(_clock).Refund("r/1", id, Ten, Cancel)));
    }

    [Theory]
    [InlineData("pm_sandbox_declined", "card_declined")]
    [InlineData("pm_sandbox_insufficient_funds", "insufficient_funds")]
    [InlineData("pm_visa_4242", "unknown_payment_method")]
    public async Task A_method_that_is_refused_moves_nothing(string method, string code)
    {
        Assert.Equal(code, Code(await _sandbox.Authorize("pay_1/authorize", Ten, method, Cancel)));
        Assert.Empty(_sandbox.Movements);
    }

    [Theory]
    [InlineData("auth_1")]
    [InlineData("sbx_")]
    [InlineData("sbx_bm90IGpzb24")]
    [InlineData("sbx_!!")]
    public async Task An_authorization_that_it_never_gave_out_is_refused(string id) =>
        Assert.Equal("unknown_authorization", Code(await _sandbox.Capture("a/1", id, Ten, Cancel)));

    [Fact]
    public async Task A_flaky_authorization_works_the_fourth_time()
    {
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<ProviderUnavailableException>(() => Authorize("pm_sandbox_flaky"));
        Assert.Empty(_sandbox.Movements);

        await Authorize("pm_sandbox_flaky");
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public async Task A_request_that_is_carried_out_in_silence_is_found_by_a_lookup()
    {
        using var patience = new CancellationTokenSource();
        var request = _sandbox.Authorize("pay_1/authorize", Ten, "pm_sandbox_timeout_moved", patience.Token);
        Assert.False(request.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        Assert.IsType<ProviderResult.Approved>(await _sandbox.Lookup("pay_1/authorize", null, Cancel));
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public async Task A_request_that_is_lost_is_not_found_and_its_next_attempt_works()
    {
        using var patience = new CancellationTokenSource();
        var request = _sandbox.Authorize("pay_1/authorize", Ten, "pm_sandbox_timeout_not_moved", patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.Null(await _sandbox.Lookup("pay_1/authorize", null, Cancel));

        Assert.IsType<ProviderResult.Approved>(
            await _sandbox.Authorize("pay_1/authorize", Ten, "pm_sandbox_timeout_not_moved", Cancel));
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public async Task A_slow_answer_takes_three_seconds_of_the_clock()
    {
        var request = Authorize("pm_sandbox_slow");
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Empty(_sandbox.Movements);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await request;
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public async Task An_outage_fails_everything_at_once_and_carries_out_nothing()
    {
        var id = await Authorize("pm_sandbox_ok");
        _sandbox.Outage = true;

        await Assert.ThrowsAsync<ProviderUnavailableException>(() => _sandbox.Capture("a/1", id, Ten, Cancel));
        await Assert.ThrowsAsync<ProviderUnavailableException>(() => _sandbox.Void("v/1", id, Cancel));
        await Assert.ThrowsAsync<ProviderUnavailableException>(() => _sandbox.Lookup("a/1", id, Cancel));

        _sandbox.Outage = false;
        Assert.Null(await _sandbox.Lookup("a/1", id, Cancel));
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public void Every_method_is_documented_with_what_it_does()
    {
        var docs = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "sandbox.md"));

        Assert.All(SandboxMethods.All, m => Assert.Contains($"| `{m.Name}` | {m.Does} |", docs, StringComparison.Ordinal));
    }

    private static string Code(ProviderResult result) => Assert.IsType<ProviderResult.Refused>(result).Code;

    private async Task<string> Authorize(string method) => Assert.IsType<ProviderResult.Approved>(
        await _sandbox.Authorize("pay_1/authorize", Ten, method, Cancel)).ProviderId;
}
