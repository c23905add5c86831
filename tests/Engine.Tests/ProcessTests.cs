using System.Collections.Concurrent;
using System.Text.Json;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>How the steps of a process are run, repeated, put off and stopped.</summary>
public sealed class ProcessTests : IAsyncDisposable
{
    private static readonly Capability Chores = new(
        "Chores",
        [EntityKind.Of<IChore>("chore", context => new Chore(context))],
        new FactCatalog().Add<ChoreBegun>("begun").Add<ChoreRemarked>("remarked").Add<StepDone>("step-done").Add<GivenUp>("given-up"),
        []);

    private readonly FakeClock _clock = new();
    private readonly InMemoryStore _store;
    private readonly ConcurrentQueue<Exception> _reported = new();
    private readonly List<SingleProcessEngine> _engines = [];
    private int _operations;

    public ProcessTests() => _store = new InMemoryStore(Chores, _clock);

    private DateTimeOffset Never => _clock.Now.AddDays(300);

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines) await engine.DisposeAsync();
    }

    [Fact]
    public async Task Steps_follow_each_other_without_time_passing()
    {
        var (chore, script) = Start(_ => Task.FromResult(ChoreScript.Done));
        Assert.Equal(0, (await chore.Begin(5, NewCall())).Value!.Done); // the call does not wait for the steps
        Assert.Equal(5, (await chore.WhenDone(Never)).Done);
        Assert.Equal(Enumerable.Range(1, 5).Select(n => $"c/work/{n}"), script.Calls.Select(c => c.OperationId));
    }

    [Fact]
    public async Task The_steps_go_on_in_the_trace_of_the_call()
    {
        var (chore, script) = Start(_ => Task.FromResult(ChoreScript.Done));
        await chore.Begin(2, NewCall() with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
        await chore.WhenDone(Never);
        Assert.All(script.Calls, c => Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", c.TraceParent));
    }

    [Fact]
    public async Task A_step_follows_from_the_newest_command_and_its_outcome_from_that_of_its_start()
    {
        var gate = new TaskCompletionSource();
        var (chore, script) = Start(async run =>
        {
            if (run == 1) await gate.Task;
            return ChoreScript.Done;
        });
        await chore.Begin(2, By("ada"));
        await _clock.Until(() => Task.FromResult(script.Runs == 1), "the step runs", TimeSpan.FromTicks(1));
        await chore.Remark("hurry", By("bob"));
        gate.SetResult();
        await chore.WhenDone(Never);
        Assert.Equal([("system", "ada"), ("system", "bob")], script.Calls.Select(c => (c.Caller.Name, c.Cause!)));
        Assert.Equal([("ada", null), ("bob", null), ("system", "ada"), ("system", "bob")], await Said());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_step_follows_from_is_known_after_a_reload(bool snapshot)
    {
        await Append(0, new ChoreBegun(2), "ada");
        await Append(1, new ChoreRemarked("hurry"), "system", "bob"); // of a reaction
        await Append(2, new StepDone(), "system", "ada", new ChoreState(1, 1, "hurry", false), snapshot);
        var (chore, script) = Start(_ => Task.FromResult(ChoreScript.Done));
        Assert.Equal(2, (await chore.WhenDone(Never)).Done);
        Assert.Equal(("c/work/2", "bob"), Assert.Single(script.Calls.Select(c => (c.OperationId, c.Cause))));
        Assert.Equal(("system", "bob"), (await Said()).Last());

        Task Append(long version, ChoreFact fact, string caller, string? cause = null, ChoreState? state = null, bool kept = false) =>
            _store.Append(new AppendRequest(
                new("chore", "c"), version, [Chores.Facts.Encode(fact)], $"op-{version}", null, "{}", _clock.Now, caller,
                Snapshot: kept ? new("chore/1", version + 1, JsonSerializer.Serialize(state, FactCatalog.Json)) : null)
            {
                Cause = cause, Own = fact is StepDone,
            });
    }

    [Fact]
    public async Task What_falls_due_while_a_process_waits_follows_from_the_newest_command()
    {
        var (chore, _) = Start(_ => Task.FromResult(ChoreScript.Retry(TimeSpan.FromDays(1))));
        await chore.Begin(1, By("ada"));
        await chore.Remark($"{_clock.Now.AddMinutes(1):O}", By("bob") with { Cause = "eve" });
        await _clock.Until(async () => (await chore.Get()).Remark == "late", "it is late");
        Assert.Equal([("ada", null), ("bob", "eve"), ("system", "eve")], await Said());
    }

    [Fact]
    public async Task A_step_that_fails_is_repeated_at_growing_distances()
    {
        var times = new ConcurrentQueue<DateTimeOffset>();
        var (chore, _) = Start(run =>
        {
            times.Enqueue(_clock.Now);
            return run <= 6 ? throw new InvalidOperationException("Not yet.") : Task.FromResult(ChoreScript.Done);
        });
        await chore.Begin(1, NewCall());
        await _clock.Until(async () => (await chore.Get()).Done == 1, "the step is done", TimeSpan.FromMilliseconds(20));
        var pauses = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        Assert.Equal(6, _reported.Count);
        for (var n = 0; n < 6; n++) Assert.True(pauses[n] >= TimeSpan.FromMilliseconds(100) * Math.Pow(2, n), $"pause {n} is {pauses[n]}");
    }

    [Fact]
    public async Task A_step_whose_outcome_changes_nothing_is_reported_and_does_not_run_hot()
    {
        var (chore, script) = Start(_ => Task.FromResult(ChoreScript.Unchanged));
        await chore.Begin(1, NewCall());
        await Pass(TimeSpan.FromMinutes(1));
        Assert.InRange(script.Runs, 2, 20);
        Assert.All(_reported, r => Assert.Contains("nothing came of it", r.Message));
    }

    [Fact]
    public async Task An_outcome_that_changed_nothing_does_not_stand_in_the_way_of_a_later_one()
    {
        var (chore, _) = Start(run => Task.FromResult(run < 3 ? ChoreScript.Unchanged : ChoreScript.Done));
        await chore.Begin(1, NewCall());
        await _clock.Until(async () => (await chore.Get()).Done == 1, "the step is done");
    }

    [Fact]
    public async Task A_step_put_off_runs_again_after_its_delay_and_not_for_an_alarm()
    {
        var later = ChoreScript.Retry(TimeSpan.FromSeconds(45), "away");
        var (chore, script) = Start(run => Task.FromResult(run == 1 ? later : ChoreScript.Done));
        await chore.Begin(1, NewCall());
        await _clock.Until(async () => (await chore.Get()).Remark == "away", "the waiting can be seen");
        await Pass(TimeSpan.FromSeconds(40));
        Assert.Equal(1, script.Runs);
        await Pass(TimeSpan.FromSeconds(10));
        Assert.Equal((2, 1), (script.Runs, (await chore.WhenDone(Never)).Done));
    }

    [Fact]
    public async Task A_step_that_fails_for_now_is_repeated_at_growing_distances()
    {
        var times = new ConcurrentQueue<DateTimeOffset>();
        var (chore, _) = Start(run =>
        {
            times.Enqueue(_clock.Now);
            return Task.FromResult(run <= 8 ? ChoreScript.Retry(TimeSpan.Zero) : ChoreScript.Done);
        });
        await chore.Begin(1, NewCall());
        await _clock.Until(async () => (await chore.Get()).Done == 1, "the step is done", TimeSpan.FromMilliseconds(100));
        var pauses = times.Zip(times.Skip(1), (a, b) => b - a).ToArray();
        for (var n = 0; n < 5; n++) Assert.True(pauses[n] >= TimeSpan.FromSeconds(1) * Math.Pow(2, n), $"pause {n} is {pauses[n]}");
        Assert.All(pauses, p => Assert.True(p < TimeSpan.FromSeconds(91), $"{p} is longer than the longest pause of a step"));
    }

    [Fact]
    public async Task A_step_that_waits_looks_again_from_time_to_time()
    {
        var (chore, script) = Start(run => Task.FromResult(run < 3 ? ChoreScript.Wait($"waiting {run}") : ChoreScript.Done));
        await chore.Begin(1, NewCall());
        await Pass(ProcessTimes.WaitInterval - TimeSpan.FromSeconds(1));
        Assert.Equal((1, "waiting 1"), (script.Runs, (await chore.Get()).Remark));
        await Pass(ProcessTimes.WaitInterval * 2);
        Assert.Equal(1, (await chore.WhenDone(Never)).Done);
    }

    [Fact]
    public async Task A_step_that_waits_has_an_alarm_in_case_of_a_crash()
    {
        var (chore, _) = Start(_ => Task.FromResult(ChoreScript.Wait("waiting")));
        await chore.Begin(1, NewCall());
        await Pass(TimeSpan.FromSeconds(1));
        Assert.Equal("waiting", (await chore.Get()).Remark);
        var due = await _store.Due(_clock.Now + ProcessTimes.ResumeAfter, 10, default);
        Assert.Contains(due, d => d.Entity == new EntityId("chore", "c"));
    }

    [Fact]
    public async Task A_step_that_others_have_tried_in_vain_is_taken_after_a_pause()
    {
        var (chore, script) = Start(_ => Task.FromResult(ChoreScript.Done), failedBefore: 4);
        await chore.Begin(1, NewCall());
        await Pass(TimeSpan.FromSeconds(7));
        Assert.Equal(0, script.Runs);
        await Pass(TimeSpan.FromSeconds(11));
        Assert.Equal((1, 1), (script.Runs, (await chore.WhenDone(Never)).Done));
    }

    [Fact]
    public async Task A_signal_ends_the_waiting()
    {
        var (chore, script) = Start(run => Task.FromResult(
            run == 1 ? ChoreScript.Retry(TimeSpan.FromDays(90), "away") : ChoreScript.Done));
        await chore.Begin(1, NewCall());
        await _clock.Until(async () => (await chore.Get()).Remark == "away", "it waits");
        await chore.Continue(NewCall());
        Assert.Equal((1, 2), ((await chore.WhenDone(Never)).Done, script.Runs));
    }

    [Fact]
    public async Task A_signal_during_a_step_is_not_lost()
    {
        var gate = new TaskCompletionSource();
        var (chore, _) = Start(async run =>
        {
            if (run == 1) await gate.Task;
            return run == 1 ? ChoreScript.Retry(TimeSpan.FromDays(1)) : ChoreScript.Done;
        });
        await chore.Begin(1, NewCall());
        await chore.Continue(NewCall());
        gate.SetResult();
        Assert.Equal(1, (await chore.WhenDone(Never)).Done);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_that_changes_what_is_next_ends_the_waiting(bool duringTheStep)
    {
        var gate = new TaskCompletionSource();
        var script = new ChoreScript(async _ =>
        {
            if (duringTheStep) await gate.Task;
            return ChoreScript.Retry(TimeSpan.FromDays(1), "away");
        });
        var hosted = Host(script);
        var chore = (IChore)hosted.Entity;
        var turns = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        await await turns.StartNew(() => chore.Begin(1, NewCall()));
        await _clock.Until(() => Task.FromResult(script.Runs == 1), "the step runs", TimeSpan.FromTicks(1));
        if (!duringTheStep) await _clock.Until(async () => (await await turns.StartNew(chore.Get)).Remark == "away", "it waits");
        await await turns.StartNew(() => chore.GiveUp(NewCall()));
        gate.SetResult();
        await hosted.ProcessWork.WaitAsync(TimeSpan.FromMinutes(1)); // a pause would last for ever, as time stands still
        Assert.Equal(1, script.Runs);
    }

    [Fact]
    public async Task Noting_that_it_waits_does_not_end_the_waiting()
    {
        var (chore, script) = Start(run => Task.FromResult(ChoreScript.Retry(TimeSpan.FromSeconds(30), $"away {run}")));
        await chore.Begin(1, NewCall());
        await Pass(TimeSpan.FromSeconds(100));
        Assert.Equal(4, script.Runs);
        Assert.Equal("away 4", (await chore.Get()).Remark);
    }

    [Fact]
    public async Task An_outcome_whose_answer_is_lost_is_recorded_once()
    {
        var (chore, _) = Start(run =>
        {
            if (run % 2 == 0) _store.CommitNextAndLoseAnswer();
            else _store.LoseNext();
            return Task.FromResult(ChoreScript.Done);
        });
        await chore.Begin(4, NewCall());
        Assert.Equal(4, (await chore.WhenDone(Never)).Done);
        Assert.Equal(5, (await _store.History(new("chore", "c"), 0, 99, default)).Count);
    }

    [Fact]
    public async Task A_process_that_two_engines_run_takes_every_step_once()
    {
        var (chore, _) = Start(_ => Task.FromResult(ChoreScript.Done));
        var (twin, _) = Start(_ => Task.FromResult(ChoreScript.Done));
        await twin.Get();
        await chore.Begin(3, NewCall());
        await twin.Remark("I too", NewCall());
        await _clock.Until(async () => (await chore.Get()).Left == 0, "the work is done");
        Assert.Equal(3, (await _store.History(new("chore", "c"), 0, 99, default)).Count(r => r.Fact.Type == "step-done/1"));
    }

    [Fact]
    public async Task A_stop_finishes_the_step_and_the_next_start_goes_on_with_the_one_after()
    {
        var gate = new TaskCompletionSource();
        var script = new ChoreScript(async _ =>
        {
            await gate.Task;
            return ChoreScript.Done;
        });
        var hosted = Host(script);
        var chore = (IChore)hosted.Entity;
        var turns = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        await await turns.StartNew(() => chore.Begin(2, NewCall()));
        await _clock.Until(() => Task.FromResult(script.Runs == 1), "the step runs", TimeSpan.FromTicks(1));
        var stopping = await turns.StartNew(hosted.Stop);
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        await stopping;
        Assert.Equal(1, script.Runs);

        var (again, next) = Start(_ => Task.FromResult(ChoreScript.Done));
        await _clock.Until(() => Task.FromResult(next.Runs == 1), "the alarm has resumed it");
        Assert.Equal(2, (await again.WhenDone(Never)).Done);
        Assert.Equal("c/work/2", Assert.Single(next.Calls).OperationId);
    }

    [Fact]
    public async Task Who_waits_for_a_state_gets_the_present_one_at_the_deadline()
    {
        var (chore, _) = Start(_ => Task.FromResult(ChoreScript.Retry(TimeSpan.FromDays(1))));
        await chore.Begin(1, NewCall());
        var waiting = chore.WhenDone(_clock.Now.AddSeconds(20));
        await chore.Remark("still here", NewCall());
        await Pass(TimeSpan.FromSeconds(15));
        Assert.False(waiting.IsCompleted);
        await Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(new ChoreState(1, 0, "still here", false), await waiting);
    }

    [Fact]
    public async Task Who_waits_is_not_told_before_a_deadline_that_lies_within_a_millisecond()
    {
        var (chore, _) = Start(_ => Task.FromResult(ChoreScript.Retry(TimeSpan.FromDays(1))));
        await chore.Begin(1, NewCall());
        var waiting = chore.WhenDone(_clock.Now.AddMicroseconds(400));
        await Task.Delay(50);
        Assert.False(waiting.IsCompleted); // a caller that now asked again would spin until the time has come
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, (await waiting).Left);
    }

    [Fact]
    public async Task A_step_overtaken_by_what_is_still_being_committed_is_no_failure()
    {
        var gate = new TaskCompletionSource();
        var (chore, script) = Start(async _ =>
        {
            await gate.Task;
            return new StepOutcome<ChoreState, ChoreFact>.Done(s => s.GivenUp ? Decision<ChoreFact>.Nothing : new StepDone());
        });
        await chore.Begin(1, NewCall());
        await _clock.Until(() => Task.FromResult(script.Runs == 1), "the step runs", TimeSpan.FromTicks(1));
        _store.Hold();
        var givingUp = chore.GiveUp(NewCall());
        await _clock.Until(() => Task.FromResult(_store.Held == 1), "giving up is under way", TimeSpan.FromTicks(1));
        gate.SetResult();
        await Task.Delay(50);
        _store.Release();
        Assert.True((await givingUp).Value!.GivenUp);
        await Pass(TimeSpan.FromSeconds(5));
        Assert.Equal((1, 0), (script.Runs, _reported.Count));
    }

    private SingleProcessEngine Engine => _engines[^1];

    private (IChore Chore, ChoreScript Script) Start(
        Func<int, Task<StepOutcome<ChoreState, ChoreFact>>> run, int failedBefore = 0)
    {
        var script = new ChoreScript(run) { FailedBefore = failedBefore };
        var engine = new SingleProcessEngine(
            [_store.Store],
            new TestServices().With(script),
            new SingleProcessOptions { Clock = _clock, Scheduler = _clock.Scheduler, Report = (_, problem) => _reported.Enqueue(problem) });
        engine.Start();
        _engines.Add(engine);
        return (engine.Get<IChore>("c"), script);
    }

    private CallContext NewCall() => new($"op-{Interlocked.Increment(ref _operations)}", Caller.System, Never);

    private CallContext By(string caller) => NewCall() with { Caller = new Caller(caller, [], Reach.Everything) };

    private async Task<IEnumerable<(string Caller, string? Cause)>> Said() =>
        (await _store.History(new("chore", "c"), 0, 99, default)).Select(f => (f.Caller, f.Cause));

    private async Task Pass(TimeSpan time)
    {
        var end = _clock.Now + time;
        await _clock.Until(() => Task.FromResult(_clock.Now >= end), "time passes", TimeSpan.FromSeconds(1));
    }

    private HostedEntity Host(ChoreScript script) => new(
        new EntityId("chore", "c"), Chores.Kinds[0], _store.Store, null!, new TestServices().With(script),
        new EngineOptions { Clock = _clock }, (_, _) => { });
}
