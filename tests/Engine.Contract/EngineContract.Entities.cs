using Commerce.Engine;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Engine.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task E1_calls_of_one_entity_run_one_at_a_time_in_the_order_of_their_arrival()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        var first = counter.AddBehind("gate", 1, NewCall("first"));
        await UntilLogged("begin first");
        var second = counter.AddBehind("open", 10, NewCall("second"));
        var third = counter.AddBehind("open", 100, NewCall("third"));
        World.Open("open");
        Assert.Equal(0, (await counter.Get()).Value); // a look is not held up by calls that wait
        Assert.Equal(["begin first"], Done());

        World.Open("gate");
        Assert.Equal([1, 11, 111], (await Task.WhenAll(first, second, third)).Select(a => a.Value!.Value));
        Assert.Equal(["begin first", "end first", "begin second", "end second", "begin third", "end third"], Done());

        IEnumerable<string> Done() => World.Log.Where(e => !e.StartsWith("see ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task E1_calls_of_many_entities_run_beside_each_other()
    {
        var engine = await Run();
        var waiting = Enumerable.Range(0, 50)
            .Select(n => engine.Entities.Get<ICounter>($"c{n}").AddBehind("gate", 1, NewCall($"{n}"))).ToArray();
        await Until(() => Task.FromResult(World.Log.Count == 50), "all calls have begun");
        World.Open("gate");
        Assert.All(await Task.WhenAll(waiting), a => Assert.Equal(1, a.Value!.Value));
    }

    [Fact]
    public async Task E1_overlapping_calls_lose_no_addition_and_decide_one_after_the_other()
    {
        var engine = await Run();
        var tally = engine.Entities.Get<ITally>("t");

        // Each sees all earlier ones, in any order: concurrent calls have none, and calls that waited for the load may come after later
        // calls.
        var more = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => tally.Add(1, NewCall())));
        Assert.Equal(Enumerable.Range(1, 500).Select(n => ((long)n, (long)n)), Seen(more));

        var less = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => tally.Add(-1, NewCall())));
        Assert.Equal(Enumerable.Range(1, 500).Select(n => (500L - n, 500L + n)).Order(), Seen(less));
        Assert.Equal(500, less.Count(a => a.Refusal?.Code == "below_zero"));
        Assert.Equal(0, (await tally.Get()).Value);

        static IEnumerable<(long Value, long Version)> Seen(IEnumerable<Result<CounterView>> answers) =>
            answers.Where(a => a.Accepted).Select(a => (a.Value!.Value, a.Value.Version)).Order();
    }

    [Fact]
    public async Task E1_callers_on_many_threads_lose_no_addition()
    {
        var engine = await Run();
        await Parallel.ForAsync(0, 400, async (n, _) =>
            Assert.True((await engine.Entities.Get<ICounter>($"c{n % 4}").Add(1, NewCall())).Accepted));
        for (var n = 0; n < 4; n++) Assert.Equal(100, (await engine.Entities.Get<ICounter>($"c{n}").Get()).Value);
    }

    [Fact]
    public async Task E2_an_idle_entity_is_unloaded_and_comes_back_with_its_state()
    {
        var engine = await Run(s => s with { IdleTime = TimeSpan.FromSeconds(20) });
        var counter = engine.Entities.Get<ICounter>("c");
        for (var n = 0; n < 20; n++) await counter.Add(n + 1, NewCall());
        await Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(new CounterView(210, 0, 20), await counter.Get());
        Assert.Equal(211, (await counter.Add(1, NewCall())).Value!.Value);
    }

    [Fact]
    public async Task E2_an_entity_is_not_unloaded_in_the_middle_of_a_call_or_of_a_process()
    {
        var engine = await Run(s => s with { IdleTime = TimeSpan.FromSeconds(5) });
        var adding = engine.Entities.Get<ICounter>("c").AddBehind("gate", 1, NewCall("slow"));
        await engine.Entities.Get<IErrand>("e").Begin(["gate-a"], NewCall());
        await UntilLogged("visit gate-a");
        await Pass(TimeSpan.FromSeconds(20));
        World.Open("gate");
        World.Open("gate-a");
        Assert.Equal(1, (await adding).Value!.Value);
        Assert.Equal(["gate-a"], (await engine.Entities.Get<IErrand>("e").WhenDone(Soon)).Visited);
        Assert.Single(World.Log, e => e == "visit gate-a");
    }

    [Fact]
    public async Task E3_after_a_crash_every_acknowledged_fact_is_there()
    {
        var first = await Run();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => first.Entities.Get<ICounter>($"c{n % 10}").Add(1, NewCall())));
        await first.Crash();
        var second = await Run();
        for (var n = 0; n < 10; n++) Assert.Equal(20, (await second.Entities.Get<ICounter>($"c{n}").Get()).Value);
    }

    [Fact]
    public async Task E3_what_was_under_way_at_a_crash_can_be_asked_for_again_and_happens_once()
    {
        var first = await Run();
        var calls = Enumerable.Range(0, 50).Select(n => NewCall($"add-{n}")).ToArray();
        var answers = calls.Select(c => first.Entities.Get<ITally>("t").Add(1, c)).ToArray();
        await first.Crash();
        foreach (var answer in answers) await Record.ExceptionAsync(() => answer); // each is answered, or fails with an unknown outcome

        var second = await Run();
        foreach (var call in calls) Assert.True((await second.Entities.Get<ITally>("t").Add(1, call)).Accepted);
        Assert.Equal(50, (await second.Entities.Get<ITally>("t").Get()).Value);
    }

    [Fact]
    public async Task E3_a_process_that_a_crash_interrupted_goes_on_elsewhere_by_itself()
    {
        var first = await Run();
        await first.Entities.Get<IErrand>("e").Begin(["a", "gate-b", "c"], NewCall());
        await UntilLogged("visit gate-b");
        await first.Crash();

        var second = await Run();
        World.Open("gate-b");
        await UntilLogged("visit c");
        await Until(async () => (await Store("Counting").Log.History(new("errand", "e"), 0, 9, default)).Count == 4, "the errand is done");
        foreach (var place in new[] { "a", "gate-b", "c" }) Assert.Equal(1, (await second.Entities.Get<ICounter>(place).Get()).Value);
        Assert.Single(World.Log, e => e == "visit a");
    }

    [Fact]
    public async Task E3_two_engines_on_one_store_never_fork_an_entity()
    {
        var one = await Run();
        var other = await Run();
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(n =>
            Record.ExceptionAsync(() => (n % 2 == 0 ? one : other).Entities.Get<ICounter>("c").Add(1, NewCall())).AsTask()));
        var added = answers.Count(a => a is null);
        Assert.All(answers, a => Assert.True(a is null or UnavailableException, $"{a}"));
        var history = await Store("Counting").Log.History(new("counter", "c"), 0, 1000, default);
        Assert.Equal(added, history.Count);
        Assert.Equal(Enumerable.Range(1, added).Select(v => (long)v), history.Select(r => r.Version));
    }
}
