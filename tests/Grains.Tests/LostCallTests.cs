using Commerce.Engine;
using Commerce.Grains.Tests.Trial;
using Commerce.Kernel;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>A call whose answer was lost is made again, and only such a call.</summary>
public sealed class LostCallTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Theory, InlineData("silo gone"), InlineData("no answer"), InlineData("too busy")]
    public async Task A_lost_call_is_made_again_with_the_same_operation(string failure)
    {
        var call = cluster.NewCall($"lost by {failure}");
        var answer = await Flaky(failure).Do(failure, 3, call);
        Assert.Equal(4, answer.Value!.Times);
        Assert.Equal(4, cluster.World.Log.Count(e => e == $"do {call.OperationId}"));
        Assert.Equal(5, (await Flaky(failure).Look(failure, 0)).Times);
    }

    [Fact]
    public async Task A_lost_look_is_made_again() => Assert.Equal(3, (await Flaky("look").Look("silo gone", 2)).Times);

    [Fact]
    public async Task A_command_that_stays_without_an_answer_until_its_deadline_has_an_unknown_outcome()
    {
        var call = cluster.NewCall() with { Deadline = cluster.Clock.Now.AddSeconds(20) };
        var asking = Flaky("unknown").Do("silo gone", int.MaxValue, call);
        await cluster.Clock.Until(() => Task.FromResult(asking.IsCompleted), "it gives up");
        var problem = await Assert.ThrowsAsync<OutcomeUnknownException>(() => asking);
        Assert.Contains("IFlaky.Do of flaky/unknown", problem.Message);
    }

    [Fact]
    public async Task A_command_that_never_got_in_and_a_look_have_changed_nothing()
    {
        var call = cluster.NewCall() with { Deadline = cluster.Clock.Now.AddSeconds(20) };
        Task[] asking = [Flaky("out").Do("too busy", int.MaxValue, call), Flaky("unseen").Look("silo gone", int.MaxValue)];
        foreach (var asked in asking)
        {
            await cluster.Clock.Until(() => Task.FromResult(asked.IsCompleted), "it gives up");
            Assert.IsNotType<OutcomeUnknownException>(await Assert.ThrowsAnyAsync<UnavailableException>(() => asked));
        }
    }

    [Fact]
    public async Task What_the_entity_itself_says_is_not_asked_for_again()
    {
        var bug = await Assert.ThrowsAsync<InvalidOperationException>(() => Flaky("bug").Do("a bug", 1, cluster.NewCall()));
        Assert.Equal("a bug", bug.Message);
        Assert.Equal(2, (await Flaky("bug").Look("", 0)).Times);

        var away = await Assert.ThrowsAsync<UnavailableException>(() => Flaky("away").Do("database away", 1, cluster.NewCall()));
        Assert.Equal(("The database is away.", 3), (away.Message, away.RetryAfter.TotalSeconds));
        Assert.Equal(2, (await Flaky("away").Look("", 0)).Times);
    }

    [Fact]
    public async Task Entities_ask_each_other_again_as_callers_from_outside_do()
    {
        var inside = cluster.Run.FirstSilo().Get<IFlaky>("inside");
        Assert.Equal(3, (await inside.Do("silo gone", 2, cluster.NewCall())).Value!.Times);
    }

    private IFlaky Flaky(string key) => cluster.Entities.Get<IFlaky>(key);
}
