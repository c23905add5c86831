using Commerce.Kernel;
using Xunit;

namespace Commerce.Engine.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task E5_an_alarm_rings_when_its_time_has_come_and_not_before()
    {
        var engine = await Run();
        var counter = engine.Entities.Get<ICounter>("c");
        await counter.RingAt(Clock.GetUtcNow().AddSeconds(20), NewCall());
        await Pass(TimeSpan.FromSeconds(15));
        Assert.Equal(0, (await counter.Get()).Rings);
        await Until(async () => (await counter.Get()).Rings == 1, "the alarm has rung");
        Assert.True(Clock.GetUtcNow() >= (await Store("Counting").Log.History(new("counter", "c"), 1, 1, default))[0].At);
    }

    [Fact]
    public async Task E5_an_alarm_set_before_a_crash_rings_after_it()
    {
        var first = await Run();
        await first.Entities.Get<ICounter>("c").RingAt(Clock.GetUtcNow().AddSeconds(30), NewCall());
        await first.Crash();
        await Pass(TimeSpan.FromMinutes(1));
        await Run();
        await UntilLogged("wake c");
        var log = Store("Counting").Log;
        await Until(async () => (await log.History(new("counter", "c"), 1, 9, default)).Count == 1, "the ring is recorded");
    }

    [Fact]
    public async Task E5_an_alarm_that_fails_rings_again_and_holds_up_no_other()
    {
        World.Fail("wake bad", 2);
        var engine = await Run();
        foreach (var key in new[] { "bad", "good" })
            await engine.Entities.Get<ICounter>(key).RingAt(Clock.GetUtcNow().AddSeconds(key == "bad" ? 1 : 2), NewCall());
        await Until(async () => (await engine.Entities.Get<ICounter>("good").Get()).Rings == 1, "the good one has rung");
        Assert.Equal(0, (await engine.Entities.Get<ICounter>("bad").Get()).Rings);
        await Until(async () => (await engine.Entities.Get<ICounter>("bad").Get()).Rings == 1, "the bad one has rung in the end");
        Assert.Equal(3, World.Log.Count(e => e == "wake bad"));
    }

    [Fact]
    public async Task E5_an_alarm_wakes_an_entity_that_was_unloaded()
    {
        var engine = await Run(s => s with { IdleTime = TimeSpan.FromSeconds(5) });
        var counter = engine.Entities.Get<ICounter>("c");
        await counter.RingAt(Clock.GetUtcNow().AddSeconds(20), NewCall());
        await UntilLogged("wake c");
        await Until(async () => (await counter.Get()).Rings == 1, "it has rung");
    }
}
