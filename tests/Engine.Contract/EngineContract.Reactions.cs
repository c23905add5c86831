using Commerce.Kernel;
using Xunit;

namespace Commerce.Engine.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task E4_every_fact_reaches_its_reaction_in_the_order_of_its_entity()
    {
        var engine = await Run();
        await Task.WhenAll(Enumerable.Range(0, 120).Select(n => engine.Entities.Get<ICounter>($"c{n % 6}").Add(1, NewCall())));
        for (var n = 0; n < 6; n++) await UntilSeen(engine, $"c{n}", Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task E4_facts_of_no_interest_are_passed_over()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        await counter.RingAt(Soon.AddDays(1), NewCall());
        await counter.Add(1, NewCall());
        await counter.RingAt(Soon.AddDays(2), NewCall());
        await counter.Add(1, NewCall());
        await UntilSeen(engine, "c", [2, 4]);
    }

    [Fact]
    public async Task E4_after_a_crash_reactions_go_on_from_their_checkpoint_and_nothing_counts_twice()
    {
        var first = await Run();
        for (var n = 0; n < 30; n++) await first.Entities.Get<ICounter>("c").Add(1, NewCall());
        await UntilLogged("see c@5");
        await first.Crash();

        var second = await Run();
        for (var n = 0; n < 10; n++) await second.Entities.Get<ICounter>("c").Add(1, NewCall());
        await UntilSeen(second, "c", Enumerable.Range(1, 40));
        await second.Stop();
        var before = World.Log.Count;

        var third = await Run();
        await third.Entities.Get<ICounter>("c").Add(1, NewCall());
        await UntilSeen(third, "c", Enumerable.Range(1, 41));
        Assert.Equal(["see c@41"], World.Log.Skip(before)); // what was handled before a graceful stop is not delivered again
    }

    [Fact]
    public async Task E4_a_reaction_that_fails_is_repeated_and_later_facts_of_that_entity_wait_for_it()
    {
        World.Fail("see c", 3);
        var engine = await Run();
        for (var n = 0; n < 5; n++) await engine.Entities.Get<ICounter>("c").Add(1, NewCall());
        await UntilSeen(engine, "c", Enumerable.Range(1, 5));
        Assert.Equal(4, World.Log.Count(e => e == "see c@1"));
    }

    [Fact]
    public async Task E4_a_fact_that_cannot_be_handled_is_parked_and_blocks_no_other_for_ever()
    {
        World.Fail("see poison", 5);
        var engine = await Run();
        for (var n = 0; n < 3; n++)
        {
            await engine.Entities.Get<ICounter>("poison").Add(1, NewCall());
            for (var other = 0; other < 8; other++) await engine.Entities.Get<ICounter>($"c{other}").Add(1, NewCall());
        }

        await UntilSeen(engine, "poison", [2, 3]);
        for (var other = 0; other < 8; other++) await UntilSeen(engine, $"c{other}", [1, 2, 3]);
        var parked = Assert.Single(await Store("Watching").Checkpoints.Parked(default));
        Assert.Equal((TrialCapabilities.Subscription, 1L), (parked.Subscription, parked.Fact.Version));
        Assert.Contains("see poison", parked.Reason);
    }

    private Task UntilSeen(IEngineUnderTest engine, string key, IEnumerable<int> versions)
    {
        var wanted = versions.Select(v => (long)v).ToArray();
        return Until(
            async () => (await engine.Entities.Get<IWatcher>(key).Get()).SequenceEqual(wanted),
            $"{key} has been seen at {string.Join(", ", wanted)}");
    }
}
