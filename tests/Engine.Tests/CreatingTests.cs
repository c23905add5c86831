using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.Orders;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>
/// Entities that are mostly created by a call are not loaded first, without any visible difference; shown on entries of the ledger.
/// </summary>
public sealed class CreatingTests : IAsyncDisposable
{
    private static readonly LedgerEntry Sale = new(
        "ord_1", new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero), "Sale", "ord_1", "GBP",
        [new Posting(OrderAccounts.Receivable.Name, 10, 0), new Posting(OrderAccounts.Sales.Name, 0, 10)]);

    private readonly FakeClock _clock = new();
    private readonly List<SingleProcessEngine> _engines = [];
    private readonly InMemoryStore _store;

    public CreatingTests() => _store = new InMemoryStore(LedgerCapability.Definition with { Reactions = [] }, _clock);

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines) await engine.DisposeAsync();
    }

    [Fact]
    public async Task One_that_begins_is_not_looked_for_and_is_there()
    {
        var entry = Elsewhere();
        Assert.True((await entry.Post(Sale, Call("a"))).Accepted);
        Assert.Equivalent(Sale, await entry.Get());
        Assert.Equal(1, _store.Loads); // of the books, once for all entries
        Assert.Equivalent(Sale, await Elsewhere().Get());
    }

    [Fact]
    public async Task One_that_is_there_answers_as_if_it_had_been_looked_for()
    {
        var first = await Elsewhere().Post(Sale, Call("a"));
        Assert.Equivalent(first with { Replayed = true }, await Elsewhere().Post(Sale, Call("a")));
        Assert.True((await Elsewhere().Post(Sale, Call("b"))).Accepted);
        Assert.Equal("entry_exists", (await Elsewhere().Post(Sale with { Description = "Another" }, Call("c"))).Refusal?.Code);
        Assert.Single((await _store.Load(new("ledger_entry", "ord_1"), "no such shape")).Facts);
    }

    [Fact]
    public async Task One_that_is_refused_leaves_nothing_behind()
    {
        var entry = Elsewhere();
        Assert.Equal("invalid_entry", (await entry.Post(Sale with { Id = "ord_2" }, Call("a"))).Refusal?.Code);
        Assert.Equal(0, _store.Commits);
        Assert.Null(await entry.Get());
        Assert.True((await entry.Post(Sale, Call("b"))).Accepted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_whose_answer_was_lost_begins_once(bool committed)
    {
        if (committed) _store.CommitNextAndLoseAnswer();
        else _store.LoseNext();
        var entry = Elsewhere();
        Assert.True((await entry.Post(Sale, Call("a"))).Accepted);
        Assert.Equivalent(Sale, await entry.Get());
        Assert.Equal(1, _store.Commits);
    }

    [Fact]
    public async Task Who_looks_while_it_begins_sees_what_is_committed()
    {
        var entry = Elsewhere();
        _store.Hold();
        var posted = entry.Post(Sale, Call("a"));
        await _clock.Until(() => Task.FromResult(_store.Held == 1), "the append is under way", TimeSpan.FromTicks(1));
        var seen = entry.Get();
        Assert.False(seen.IsCompleted);
        _store.Release();
        Assert.True((await posted).Accepted);
        Assert.Equivalent(Sale, await seen);
    }

    // The same entry where nothing of it is in memory.
    private ILedgerEntry Elsewhere()
    {
        var options = new SingleProcessOptions { Clock = _clock, Scheduler = _clock.Scheduler };
        var engine = new SingleProcessEngine([_store.Store], new TestServices(), options);
        _engines.Add(engine);
        return engine.Get<ILedgerEntry>("ord_1");
    }

    private CallContext Call(string operation) => new(operation, Caller.System, _clock.Now.AddMinutes(1));
}
