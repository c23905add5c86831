using Commerce.Engine;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Engine.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task E6_a_failing_call_fails_for_its_caller_only()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        await counter.Add(5, NewCall());
        var calls = Enumerable.Range(0, 10).Select(_ => counter.Fail(NewCall())).Append(counter.Add(1, NewCall())).ToArray();
        foreach (var failing in calls[..10])
            Assert.Contains("as it was asked to", (await Assert.ThrowsAnyAsync<Exception>(() => failing)).ToString());
        await calls[10];
        Assert.Equal(6, (await counter.Get()).Value);
        Assert.Equal(1, (await engine.Entities.Get<ICounter>("other").Add(1, NewCall())).Value!.Value);
    }

    [Fact]
    public async Task E6_an_entity_that_never_answers_holds_up_no_other()
    {
        var engine = await Run();
        var stuck = Enumerable.Range(0, 40)
            .Select(n => engine.Entities.Get<ICounter>($"stuck{n}").AddBehind("never", 1, NewCall())).ToArray();
        for (var n = 0; n < 20; n++) Assert.True((await engine.Entities.Get<ICounter>($"c{n}").Add(1, NewCall())).Accepted);
        Assert.All(stuck, s => Assert.False(s.IsCompleted));
    }

    [Fact]
    public async Task E6_a_refusal_is_an_answer_and_not_a_failure()
    {
        var engine = await Run();
        var answer = await engine.Entities.Get<ICounter>("c").Add(0, NewCall());
        Assert.Equal(("nothing_to_add", "/by"), (answer.Refusal?.Code, answer.Refusal?.Field));
    }

    [Fact]
    public async Task E7_a_graceful_stop_finishes_the_calls_that_were_taken_and_takes_no_more()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        var running = counter.AddBehind("gate", 1, NewCall("running"));
        var queued = counter.Add(10, NewCall());
        await UntilLogged("begin running");
        var stopping = engine.Stop();
        var late = engine.Entities.Get<ICounter>("late");
        await Until(async () => await Record.ExceptionAsync(late.Get) is not null, "no call is taken");
        Assert.IsAssignableFrom<UnavailableException>(await Record.ExceptionAsync(() => counter.Add(100, NewCall())));
        Assert.False(stopping.IsCompleted);

        World.Open("gate");
        await stopping;
        Assert.Equal([1, 11], (await Task.WhenAll(running, queued)).Select(a => a.Value!.Value));
        var again = await Run();
        Assert.Equal(11, (await again.Entities.Get<ICounter>("c").Get()).Value);
    }

    [Fact]
    public async Task E7_a_graceful_stop_finishes_the_step_and_the_next_start_continues_after_it()
    {
        var engine = await Run();
        await engine.Entities.Get<IErrand>("e").Begin(["gate-a", "gate-b"], NewCall());
        await UntilLogged("visit gate-a");
        var stopping = engine.Stop();
        World.Open("gate-a");
        World.Open("gate-b");
        await stopping;
        var visited = (await Store("Counting").Log.History(new("errand", "e"), 0, 9, default)).Count - 1;
        Assert.InRange(visited, 1, 2);

        var next = await Run();
        await Until(async () => (await next.Entities.Get<IErrand>("e").Get()).Left.Count == 0, "the errand is done");
        Assert.Single(World.Log, e => e == "visit gate-a");
        Assert.Single(World.Log, e => e == "visit gate-b");
    }

    [Fact]
    public async Task E8_caller_operation_deadline_and_trace_travel_with_the_call_to_nested_entities()
    {
        var engine = await Run();
        var call = NewCall() with
        {
            Fingerprint = "f", TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", Cause = "cus_ada",
        };
        Same(call, await engine.Entities.Get<ICounter>("c").Echo(call));
        Same(call.For($"{call.OperationId}/nested"), await engine.Entities.Get<ICounter>("c").EchoBy("other", call));

        static void Same(CallContext expected, CallContext actual)
        {
            Assert.Equal(expected.Caller.Scopes, actual.Caller.Scopes);
            Assert.Equal(expected.Caller.Reach, actual.Caller.Reach);
            Assert.Equal(expected.Caller.Name, actual.Caller.Name);
            Assert.Equal(expected with { Caller = actual.Caller }, actual);
        }
    }

    [Fact]
    public async Task E8_what_follows_by_itself_says_whose_call_it_follows_from_also_after_a_crash()
    {
        var first = await Run();
        await first.Entities.Get<IErrand>("e").Begin(["a", "gate-b"], NewCall());
        await UntilLogged("visit gate-b");
        await first.Crash();
        World.Open("gate-b");

        var second = await Run();
        await Until(async () => (await second.Entities.Get<IErrand>("e").Get()).Left.Count == 0, "the errand is done");
        foreach (var counter in new[] { "a", "gate-b" }) await UntilSeen(second, counter, [1]);
        Assert.Equal([("tester", null), System, System], await Said("Counting", "errand", "e"));
        foreach (var counter in new[] { "a", "gate-b" })
        {
            Assert.Equal([System], await Said("Counting", "counter", counter)); // by a step
            Assert.Equal([System], await Said("Watching", "watcher", counter)); // by a reaction to what the step did
        }
    }

    [Fact]
    public async Task E8_what_time_does_to_an_entity_without_a_process_has_no_cause()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        await counter.RingAt(Clock.GetUtcNow().AddSeconds(1), NewCall());
        await Until(async () => (await counter.Get()).Rings == 1, "the alarm has rung");
        Assert.Equal([("tester", null), ("system", null)], await Said("Counting", "counter", "c"));
    }

    private static readonly (string, string?) System = ("system", "tester");

    private async Task<IEnumerable<(string Caller, string? Cause)>> Said(string capability, string kind, string key) =>
        (await Store(capability).Log.History(new(kind, key), 0, 9, default)).Select(f => (f.Caller, f.Cause));

    [Fact]
    public async Task E8_a_call_whose_deadline_has_passed_is_not_started()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        var late = NewCall() with { Deadline = Clock.GetUtcNow().AddSeconds(-1) };
        await Assert.ThrowsAsync<DeadlineExceededException>(() => counter.Add(1, late));
        Assert.Equal(0, (await counter.Get()).Version);
    }

    [Fact]
    public async Task E8_a_call_that_waits_past_its_deadline_is_not_started()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        var running = counter.AddBehind("gate", 1, NewCall("running"));
        await UntilLogged("begin running");
        var waiting = counter.Add(10, NewCall() with { Deadline = Clock.GetUtcNow().AddSeconds(5) });
        await Pass(TimeSpan.FromSeconds(10));
        World.Open("gate");
        await running;
        await Assert.ThrowsAsync<DeadlineExceededException>(() => waiting);
        Assert.Equal(1, (await counter.Get()).Value);
    }
}
