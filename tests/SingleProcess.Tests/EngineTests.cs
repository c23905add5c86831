using System.Diagnostics;
using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.SingleProcess.Tests;

/// <summary>What this engine does beyond the contract of all engines, or shows better than another could.</summary>
public sealed class EngineTests : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly World _world = new();
    private readonly IReadOnlyList<InMemoryStore> _stores;
    private readonly List<EngineRun> _runs = [];
    private int _operations;

    public EngineTests() => _stores = InMemoryStore.For(TrialCapabilities.All, _clock);

    private InMemoryStore Watching => _stores[1];

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs) await run.DisposeAsync();
    }

    [Fact]
    public async Task Idle_entities_leave_memory()
    {
        var engine = Run(o => o with { IdleTime = TimeSpan.FromSeconds(10) });
        for (var n = 0; n < 20; n++) await engine.Get<ICounter>($"c{n}").Get();
        Assert.Equal(20, engine.Live);
        await _clock.Until(() => Task.FromResult(engine.Live == 0), "all have left");
        Assert.Equal(0, (await engine.Get<ICounter>("c1").Get()).Value);
    }

    [Fact]
    public async Task When_there_are_too_many_the_least_recently_used_leave_first()
    {
        var engine = Run(o => o with { MaxLive = 5 });
        for (var n = 0; n < 20; n++)
        {
            await engine.Get<ICounter>($"c{n}").Get();
            _clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        await _clock.Until(() => Task.FromResult(engine.Live == 5), "as many as too many have left");
        for (var n = 15; n < 20; n++) await engine.Get<ICounter>($"c{n}").Get();
        Assert.Equal(5, engine.Live); // these were the ones that stayed
    }

    [Fact]
    public async Task No_call_is_lost_to_an_entity_that_is_just_leaving()
    {
        var engine = Run(o => o with { Clock = TimeProvider.System, IdleTime = TimeSpan.Zero, SweepEvery = TimeSpan.FromMilliseconds(1) });
        await Parallel.ForAsync(0, 2000, async (n, _) => await engine.Get<ICounter>($"c{n % 3}").Add(1, NewCall(TimeProvider.System)));
        var values = await Task.WhenAll(Enumerable.Range(0, 3).Select(n => engine.Get<ICounter>($"c{n}").Get()));
        Assert.Equal(2000, values.Sum(v => v.Value));
    }

    [Fact]
    public async Task A_circle_of_calls_ends_at_its_deadline()
    {
        var engine = Run();
        var circle = engine.Get<ICounter>("c").EchoBy("c", NewCall() with { Deadline = _clock.Now.AddSeconds(20) });
        await _clock.Until(() => Task.FromResult(circle.IsCompleted), "the circle ends");
        await Assert.ThrowsAsync<DeadlineExceededException>(() => circle);
        Assert.Equal(1, (await engine.Get<ICounter>("c").Add(1, NewCall())).Value!.Value);
    }

    [Fact]
    public async Task A_call_appears_in_the_trace_of_its_caller()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Commerce.Entities",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var call = NewCall() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
        await Run().Get<ICounter>("traced").Add(1, call);
        Activity span;
        lock (spans) span = spans.Single(s => Equals(s.GetTagItem("entity"), "counter/traced"));
        Assert.Equal(
            ("ICounter.Add", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"),
            (span.DisplayName, span.TraceId.ToHexString(), span.ParentSpanId.ToHexString()));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_ever()
    {
        var engine = Run(o => o with { StopGrace = TimeSpan.FromSeconds(20) });
        var stuck = engine.Get<ICounter>("c").AddBehind("never", 1, NewCall());
        var queued = engine.Get<ICounter>("c").Add(1, NewCall());
        var stopping = engine.StopAsync();
        await _clock.Until(() => Task.FromResult(stopping.IsCompleted), "the stop gives up");
        await Assert.ThrowsAsync<UnavailableException>(() => stuck);
        await Assert.ThrowsAsync<UnavailableException>(() => queued);
    }

    [Fact]
    public async Task An_alarm_within_this_process_needs_no_polling()
    {
        var engine = Run(o => o with { AlarmPoll = TimeSpan.FromHours(10) });
        await engine.Get<ICounter>("c").RingAt(_clock.Now.AddMilliseconds(300), NewCall());
        await _clock.Until(
            async () => (await engine.Get<ICounter>("c").Get()).Rings == 1, "it rings", within: TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Alarms_that_fail_for_ever_do_not_hide_those_behind_them()
    {
        var engine = Run(o => o with { AlarmBatch = 2 });
        for (var n = 0; n < 7; n++)
        {
            _world.Fail($"wake bad{n}", int.MaxValue);
            await engine.Get<ICounter>($"bad{n}").RingAt(_clock.Now.AddSeconds(1), NewCall());
        }

        await engine.Get<ICounter>("good").RingAt(_clock.Now.AddSeconds(2), NewCall());
        await _clock.Until(async () => (await engine.Get<ICounter>("good").Get()).Rings == 1, "the good one rings");
        var before = _world.Log.Count(e => e == "wake bad0");
        await Pass(TimeSpan.FromSeconds(60));
        Assert.InRange(_world.Log.Count(e => e == "wake bad0") - before, 4, 7); // every ten seconds, not every second
    }

    [Fact]
    public async Task What_is_unavailable_is_waited_for_and_not_set_aside()
    {
        var engine = Run(o => o with { MaxDeliveryAttempts = 2 });
        await engine.Get<ICounter>("c").Add(1, NewCall());
        await UntilSeen(engine, [1]);
        Watching.TakeAway();
        await engine.Get<ICounter>("c").Add(1, NewCall());
        await Pass(TimeSpan.FromMinutes(5));
        Watching.BringBack();
        await UntilSeen(engine, [1, 2]);
        Assert.Empty(await engine.Parked(default));
    }

    [Fact]
    public async Task A_fact_set_aside_is_tried_again_when_the_operator_says_so()
    {
        _world.Fail("see c", 3);
        var engine = Run(o => o with { MaxDeliveryAttempts = 2 });
        await engine.Get<ICounter>("c").Add(1, NewCall());
        await _clock.Until(async () => (await engine.Parked(default)).Count == 1, "it is set aside");
        var parked = Assert.Single(await engine.Parked(default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.Retry(parked, default)); // the third failure
        Assert.Single(await engine.Parked(default));

        await engine.Retry(parked, default);
        Assert.Empty(await engine.Parked(default));
        await UntilSeen(engine, [1]);
    }

    [Fact]
    public async Task How_far_a_subscription_is_behind_can_be_seen()
    {
        _world.Fail("see c", int.MaxValue);
        var engine = Run(o => o with { MaxDeliveryAttempts = int.MaxValue });
        for (var n = 0; n < 3; n++) await engine.Get<ICounter>("c").Add(1, NewCall());
        Assert.Equal(3, (await engine.Lag(default)).Sum(l => l.Facts));
        _world.Fail("see c", 0);
        await _clock.Until(async () => (await engine.Lag(default)).Sum(l => l.Facts) == 0, "it has caught up");
        Assert.All(await engine.Lag(default), l => Assert.Equal(TrialCapabilities.Subscription, l.Subscription));
    }

    [Fact]
    public void What_is_not_hosted_is_named()
    {
        var problem = Assert.Throws<InvalidOperationException>(() => Run().Get<IUnhosted>("x"));
        Assert.Contains(nameof(IUnhosted), problem.Message);
        problem = Assert.Throws<InvalidOperationException>(
            () => new SingleProcessEngine([Watching.Store], new TestServices(), new SingleProcessOptions()));
        Assert.Contains("Counting", problem.Message);
    }

    private SingleProcessEngine Run(Func<SingleProcessOptions, SingleProcessOptions>? with = null)
    {
        var options = new SingleProcessOptions { Clock = _clock };
        var run = new EngineRun([.. _stores.Select(s => s.Store)], with?.Invoke(options) ?? options, _world);
        _runs.Add(run);
        return run.Engine;
    }

    private CallContext NewCall(TimeProvider? clock = null) =>
        new($"op-{Interlocked.Increment(ref _operations)}", Caller.System, (clock ?? _clock).GetUtcNow().AddHours(1));

    private Task UntilSeen(SingleProcessEngine engine, long[] versions) =>
        _clock.Until(async () => (await engine.Get<IWatcher>("c").Get()).SequenceEqual(versions), $"{versions.Length} facts were seen");

    private async Task Pass(TimeSpan time)
    {
        var end = _clock.Now + time;
        await _clock.Until(() => Task.FromResult(_clock.Now >= end), "time passes", TimeSpan.FromSeconds(1));
    }

    private interface IUnhosted : IEntity;
}
