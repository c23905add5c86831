using Commerce.Kernel;
using Commerce.Payments;
using Commerce.Testing;
using Xunit;

namespace Commerce.Providers.Tests;

public sealed class ResilientProviderTests
{
    private static readonly Money Ten = new(1000, "GBP");

    private readonly FakeClock _clock = new();
    private readonly SandboxProvider _sandbox;
    private readonly List<ProviderEvent> _events = [];
    private readonly ResilientProvider _provider;

    public ResilientProviderTests()
    {
        _sandbox = new SandboxProvider(_clock);
        _provider = Patient(_sandbox, 1);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_certainly_not_carried_out_is_repeated_until_it_works()
    {
        Assert.IsType<ProviderResult.Approved>(await Finish(Authorize("pay_1", "pm_sandbox_flaky")));

        Assert.Single(_sandbox.Movements);
        Assert.Equal(3, _events.Count(e => e.Kind == ProviderEventKind.Retrying));
    }

    [Fact]
    public async Task After_the_last_repeat_the_caller_is_told_that_nothing_was_done()
    {
        _sandbox.Outage = true;

        var away = await Assert.ThrowsAsync<ProviderUnavailableException>(() => Finish(Authorize("pay_1", "pm_sandbox_ok")));

        Assert.True(away.RetryAfter > TimeSpan.Zero);
        Assert.Equal(3, _events.Count(e => e.Kind == ProviderEventKind.Retrying));
        Assert.Equal(CircuitStatus.Closed, _provider.Circuit.Status);
    }

    [Fact]
    public async Task The_delays_grow_with_jitter_that_the_given_chance_decides()
    {
        async Task<List<string>> Delays(int seed)
        {
            _events.Clear();
            await Finish(Authorize($"pay_{Guid.CreateVersion7():n}", "pm_sandbox_flaky", Patient(_sandbox, seed)));
            return [.. _events.Select(e => e.Detail)];
        }

        var first = await Delays(7);

        Assert.Equal(first, await Delays(7));
        Assert.NotEqual(first, await Delays(8));
        Assert.Equal(3, first.Distinct().Count());
    }

    [Fact]
    public async Task A_request_without_an_answer_is_given_up_after_the_timeout_and_never_repeated()
    {
        var request = Authorize("pay_1", "pm_sandbox_timeout_not_moved");
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(request.IsCompleted);

        await Assert.ThrowsAsync<ProviderTimeoutException>(() => Finish(request));

        Assert.Equal([ProviderEventKind.TimedOut], _events.Select(e => e.Kind)); // no repeat: its first attempt alone would be silent
        Assert.Empty(_sandbox.Movements);
    }

    [Fact]
    public async Task A_slow_answer_is_waited_for() =>
        Assert.IsType<ProviderResult.Approved>(await Finish(Authorize("pay_1", "pm_sandbox_slow")));

    [Fact]
    public async Task A_line_that_breaks_after_the_request_leaves_the_outcome_unknown()
    {
        var line = new Line(_sandbox, after: () => throw new HttpRequestException("The connection was closed."));
        var provider = Patient(line, 1);

        var unknown = await Assert.ThrowsAsync<ProviderTimeoutException>(() => Finish(Authorize("pay_1", "pm_sandbox_ok", provider)));

        Assert.IsType<HttpRequestException>(unknown.InnerException);
        Assert.Equal([ProviderEventKind.Faulted], _events.Select(e => e.Kind));
        Assert.IsType<ProviderResult.Approved>(await provider.Lookup("pay_1/authorize", null, Cancel));
        Assert.Single(_sandbox.Movements);
    }

    [Fact]
    public async Task Every_attempt_runs_on_the_scheduler_of_the_caller()
    {
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        var seen = new List<TaskScheduler>();
        var provider = Patient(new Line(_sandbox, before: () => seen.Add(TaskScheduler.Current)), 1);

        await Finish(Task.Factory.StartNew(
            () => Authorize("pay_1", "pm_sandbox_flaky", provider), Cancel, TaskCreationOptions.None, scheduler).Unwrap());

        Assert.Equal([scheduler, scheduler, scheduler, scheduler], seen);
    }

    [Fact]
    public async Task Giving_up_during_a_request_leaves_its_outcome_unknown_but_not_between_two()
    {
        using var during = new CancellationTokenSource();
        var silent = _provider.Authorize("pay_1/authorize", Ten, "pm_sandbox_timeout_moved", during.Token);
        await during.CancelAsync();
        await Assert.ThrowsAsync<ProviderTimeoutException>(() => silent);

        _sandbox.Outage = true;
        using var between = new CancellationTokenSource();
        var failing = _provider.Authorize("pay_2/authorize", Ten, "pm_sandbox_ok", between.Token);
        await _clock.Until(() => Task.FromResult(_events.Exists(e => e.Kind == ProviderEventKind.Retrying)), "it is repeated");
        await between.CancelAsync();
        await Assert.ThrowsAsync<ProviderUnavailableException>(() => failing);
    }

    [Fact]
    public async Task A_failing_provider_is_given_a_rest_and_tried_again_after_it()
    {
        _sandbox.Outage = true;
        var since = await OpenCircuit();
        Assert.Equal((since + TimeSpan.FromSeconds(10), "sandbox"), (_provider.Circuit.Until, _provider.Circuit.Provider));

        _sandbox.Outage = false; // without effect: no request is sent
        _clock.Advance(TimeSpan.FromSeconds(4));
        var away = await Assert.ThrowsAsync<ProviderUnavailableException>(() => Authorize("pay_x", "pm_sandbox_ok"));
        Assert.Equal(_provider.Circuit.Until - _clock.Now, away.RetryAfter);
        Assert.Empty(_sandbox.Movements);

        _clock.Advance(away.RetryAfter);
        Assert.Equal((CircuitStatus.HalfOpen, null), (_provider.Circuit.Status, _provider.Circuit.Until));
        Assert.IsType<ProviderResult.Approved>(await Authorize("pay_x", "pm_sandbox_ok"));
        Assert.Equal(CircuitStatus.Closed, _provider.Circuit.Status);
        Assert.Equal(
            [ProviderEventKind.CircuitOpened, ProviderEventKind.CircuitHalfOpened, ProviderEventKind.CircuitClosed],
            _events.Select(e => e.Kind).Where(k => k >= ProviderEventKind.CircuitOpened));
    }

    [Fact]
    public async Task A_trial_that_fails_opens_the_circuit_again()
    {
        _sandbox.Outage = true;
        await OpenCircuit();
        _clock.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<ProviderUnavailableException>(() => Finish(Authorize("pay_x", "pm_sandbox_ok")));

        Assert.Equal(2, _events.Count(e => e.Kind == ProviderEventKind.CircuitOpened));
    }

    [Fact]
    public async Task Silence_opens_the_circuit_too()
    {
        for (var i = 0; i < 10; i++)
        {
            var silent = _provider.Authorize($"pay_{i}/authorize", Ten, "pm_sandbox_timeout_not_moved", Cancel);
            if (i % 5 == 4) await Assert.ThrowsAsync<ProviderTimeoutException>(() => Finish(silent));
        }

        await _clock.Until(() => Task.FromResult(_provider.Circuit.Status == CircuitStatus.Open), "the circuit is open");
    }

    [Fact]
    public async Task Answered_lookups_do_not_hide_that_requests_are_swallowed()
    {
        var provider = Patient(new Line(_sandbox, before: () => throw new ProviderTimeoutException("No answer.")), 1);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(CircuitStatus.Closed, provider.Circuit.Status);
            await Assert.ThrowsAsync<ProviderTimeoutException>(() => Authorize($"pay_{i}", "pm_sandbox_ok", provider));
            Assert.Null(await provider.Lookup($"pay_{i}/authorize", null, Cancel));
        }

        await Assert.ThrowsAsync<ProviderUnavailableException>(() => Authorize("pay_x", "pm_sandbox_ok", provider));
        Assert.Equal(CircuitStatus.Open, provider.Circuit.Status);
        Assert.Null(await provider.Lookup("pay_9/authorize", null, Cancel)); // the outcome of the others can still be looked up
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_opens_nothing()
    {
        for (var i = 0; i < 30; i++)
            Assert.IsType<ProviderResult.Refused>(await Authorize($"pay_{i}", "pm_sandbox_declined"));

        Assert.Equal(CircuitStatus.Closed, _provider.Circuit.Status);
        Assert.Empty(_events);
    }

    private ResilientProvider Patient(IPaymentProvider inner, int seed) =>
        new(inner, new ResilienceOptions(), _clock, new Random(seed).NextDouble, _events.Add);

    private Task<ProviderResult> Authorize(string payment, string method, ResilientProvider? provider = null) =>
        (provider ?? _provider).Authorize($"{payment}/authorize", Ten, method, Cancel);

    private async Task<DateTimeOffset> OpenCircuit()
    {
        for (var i = 0; _provider.Circuit.Status == CircuitStatus.Closed; i++)
            await Assert.ThrowsAsync<ProviderUnavailableException>(() => Finish(Authorize($"pay_{i}", "pm_sandbox_ok")));
        return _provider.Circuit.Since;
    }

    private async Task<T> Finish<T>(Task<T> request)
    {
        await _clock.Until(() => Task.FromResult(request.IsCompleted), "the request is finished");
        return await request;
    }

    /// <summary>The way to the sandbox, where something may happen before and after a request for an authorization.</summary>
    private sealed class Line(SandboxProvider sandbox, Action? before = null, Action? after = null) : IPaymentProvider
    {
        public string Name => sandbox.Name;

        public async Task<ProviderResult> Authorize(string reference, Money amount, string method, CancellationToken cancel)
        {
            before?.Invoke();
            var result = await sandbox.Authorize(reference, amount, method, cancel);
            after?.Invoke();
            return result;
        }

        public Task<ProviderResult> Capture(string reference, string authorization, Money amount, CancellationToken cancel) =>
            sandbox.Capture(reference, authorization, amount, cancel);

        public Task<ProviderResult> Void(string reference, string authorization, CancellationToken cancel) =>
            sandbox.Void(reference, authorization, cancel);

        public Task<ProviderResult> Refund(string reference, string authorization, Money amount, CancellationToken cancel) =>
            sandbox.Refund(reference, authorization, amount, cancel);

        public Task<ProviderResult?> Lookup(string reference, string? authorization, CancellationToken cancel) =>
            sandbox.Lookup(reference, authorization, cancel);
    }
}
