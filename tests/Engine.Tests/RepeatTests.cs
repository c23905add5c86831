using Commerce.Inventory;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>A caller that has had its share gets what it was answered before, and nothing else (decision 30).</summary>
public sealed class RepeatTests
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task A_caller_that_may_only_repeat_gets_kept_answers_and_nothing_else()
    {
        var store = new InMemoryStore(InventoryCapability.Definition, _clock);
        await using var here = Engine(store);
        await using var elsewhere = Engine(store);
        var stock = here.Get<IStock>("A1");
        var first = await stock.Receive(new ReceiveStock(5), Call("done"));
        var refused = await stock.Receive(new ReceiveStock(0), Call("refused"));
        foreach (var again in (IStock[])[stock, elsewhere.Get<IStock>("A1")])
        {
            Assert.Equal(first with { Replayed = true }, await again.Receive(new ReceiveStock(5), Call("done", repeatOnly: true)));
            Assert.Equal(refused.Refusal, (await again.Receive(new ReceiveStock(0), Call("refused", repeatOnly: true))).Refusal);
            var commits = store.Commits;
            Assert.Equal(Refusals.RateLimited, (await again.Receive(new ReceiveStock(7), Call("new", repeatOnly: true))).Refusal);
            Assert.Equal(commits, store.Commits);
            Assert.Equal(5, (await again.Get())!.OnHand);
        }

        Assert.Equal(12, (await stock.Receive(new ReceiveStock(7), Call("new"))).Value!.OnHand); // nothing of it was kept
    }

    private SingleProcessEngine Engine(InMemoryStore store) =>
        new([store.Store], new TestServices(), new SingleProcessOptions { Clock = _clock, Scheduler = _clock.Scheduler });

    private CallContext Call(string operation, bool repeatOnly = false) => new(
        operation, new Caller("web-shop", [], Reach.Everything), _clock.Now.AddMinutes(1), RepeatOnly: repeatOnly);
}
