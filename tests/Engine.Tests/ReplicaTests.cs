using Commerce.Catalogue;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Ledger;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>What a process keeps of entities' answers; shown on the price of a product that is decided on in another process.</summary>
public sealed class ReplicaTests : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly InMemoryStore _store;
    private readonly SingleProcessEngine _elsewhere;
    private readonly Replicas _replicas;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<string> _reported = [];
    private Task _following = Task.CompletedTask;
    private int _operations;
    private int _asked;
    private int _askedForB;

    public ReplicaTests()
    {
        _store = new InMemoryStore(CatalogueCapability.Definition, _clock);
        _elsewhere = new SingleProcessEngine([_store.Store], new TestServices(), new SingleProcessOptions { Clock = _clock });
        _replicas = new Replicas([_store.Store], new EngineOptions { Clock = _clock, ReportFlow = (name, _) => _reported.Add(name) });
    }

    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _following;
        await _elsewhere.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task A_product_is_asked_once_until_it_changes()
    {
        await Price(5);
        Follow();
        for (var n = 0; n < 3; n++) Assert.Equal(5, await Seen());
        Assert.Equal(1, _asked);
        await Price(6);
        await Until(6);
        Assert.Equal(2, _asked);
        Assert.Equal(6, await Seen());
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task A_change_of_another_product_leaves_the_copy()
    {
        await Price(5);
        Follow();
        Assert.Equal(5, await Seen());
        await Price(7, "B");
        Assert.Equal(7, await Seen("B"));
        await Price(8, "B");
        await Until(8, "B");
        Assert.Equal(5, await Seen());
        Assert.Equal(1, _asked - _askedForB);
    }

    [Fact]
    public async Task What_is_not_there_is_asked_for_each_time()
    {
        Follow();
        Assert.Null(await Seen());
        await Price(5);
        Assert.Equal(5, await Seen());
    }

    [Fact]
    public async Task A_fact_that_is_seen_while_the_product_answers_outdates_the_answer()
    {
        await Price(5);
        Follow();
        await Price(7, "B");
        Assert.Equal(7, await Seen("B"));
        var mayAnswer = new TaskCompletionSource();
        var slow = Ask("A", async view =>
        {
            await mayAnswer.Task;
            return view;
        });
        await Price(6);
        await Price(8, "B");
        await Until(8, "B"); // by now the fact of A has been seen, too: they are read together
        mayAnswer.SetResult();
        Assert.Equal(5, await slow);
        Assert.Equal(6, await Seen());
    }

    [Fact]
    public async Task An_answer_that_is_older_than_a_fact_seen_before_is_not_kept()
    {
        await Price(5);
        Follow();
        await Price(7, "B");
        var outdated = await _elsewhere.Get<IProduct>("A").Get();
        await Price(6);
        Assert.Equal(7, await Seen("B"));
        await Price(8, "B");
        await Until(8, "B"); // by now the fact of A has been seen, too: they are read together
        for (var n = 0; n < 2; n++) // a product answers from what was confirmed a minute ago at the most
        {
            _clock.Advance(ProductRules.Definition.MaxStaleness / 2);
            await Seen("B"); // a fresh copy, which only a fact that is seen can end
            await Price(n, "B");
            await Until(n, "B");
        }

        Assert.Equal(5, await Ask("A", _ => Task.FromResult(outdated)));
        Assert.Equal(6, await Seen());
    }

    [Fact]
    public async Task While_facts_arrive_a_copy_stays_for_ten_minutes()
    {
        await Price(5);
        Follow();
        await Price(7, "B");
        await Until(7, "B");
        _clock.Advance(TimeSpan.FromMinutes(3)); // now the facts are known that an answer could be older than
        Assert.Equal(5, await Seen());
        for (var n = 1; n < 42; n++)
        {
            _clock.Advance(TimeSpan.FromSeconds(14));
            await Price(n, "B");
            await Until(n, "B");
            Assert.Equal(5, await Seen());
            Assert.Equal(1, _asked - _askedForB);
        }

        _clock.Advance(TimeSpan.FromSeconds(26));
        Assert.Equal(5, await Seen());
        Assert.Equal(2, _asked - _askedForB);
        await Price(6);
        await Until(6);
    }

    [Fact]
    public async Task Without_a_follower_nothing_is_kept()
    {
        await Price(5);
        Assert.Equal(5, await Seen());
        await Price(6);
        Assert.Equal(6, await Seen());
    }

    [Fact]
    public async Task A_kind_with_an_age_of_its_own_has_no_follower_and_is_asked_again_after_that()
    {
        var ledger = new InMemoryStore(LedgerCapability.Definition with { Reactions = [] }, _clock);
        await using var engine = new SingleProcessEngine([ledger.Store], new TestServices(), new SingleProcessOptions { Clock = _clock });
        var replicas = new Replicas([ledger.Store], new EngineOptions { Clock = _clock });
        Assert.Empty(replicas.Followers);
        foreach (var (passed, times) in new[] { (0, 1), (999, 1), (1, 2), (500, 2), (500, 3) })
        {
            _clock.Advance(TimeSpan.FromMilliseconds(passed));
            Assert.Equal(0, (await replicas.Get<IBooks, BooksView>(engine, IBooks.Key, Ask))!.Version);
            Assert.Equal(times, _asked);
        }

        Task<BooksView?> Ask(IBooks books)
        {
            _asked++;
            return books.Get();
        }
    }

    [Fact]
    public async Task Where_facts_do_not_arrive_a_copy_is_used_for_a_limited_time()
    {
        await Price(5);
        Follow();
        Assert.Equal(5, await Seen());
        _store.TakeAway();
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(5, await Seen());
        Assert.Equal(1, _asked);
        _store.BringBack();
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(5, await Seen());
        Assert.Equal(2, _asked);
        await Price(6);
        await Until(6);
    }

    [Fact]
    public async Task A_failing_follower_is_reported_and_tries_again()
    {
        await Price(5);
        Follow();
        Assert.Equal(5, await Seen());
        _store.FailNextRead();
        await Price(6);
        await Until(6);
        Assert.Contains("replica of Catalogue", _reported);
    }

    private void Follow() => _following = Task.WhenAll(_replicas.Followers.Select(follow => follow(_stopping.Token)));

    private async Task Price(decimal price, string sku = "A")
    {
        var product = _elsewhere.Get<IProduct>(sku);
        var set = await product.Get() is null
            ? await product.Create(new CreateProduct(sku, ProductKind.Goods, null, [new Price("GBP", price)]), Call())
            : await product.SetPrice(new Price("GBP", price), Call());
        Assert.True(set.Accepted);
    }

    private Task<decimal?> Seen(string sku = "A") => Ask(sku, Task.FromResult);

    private async Task<decimal?> Ask(string sku, Func<ProductView?, Task<ProductView?>> answer)
    {
        var view = await _replicas.Get<IProduct, ProductView>(_elsewhere, sku, async product =>
        {
            _asked++;
            if (sku == "B") _askedForB++;
            return await answer(await product.Get());
        });
        return view?.PriceAt("GBP", _clock.Now);
    }

    private Task Until(decimal price, string sku = "A") =>
        _clock.Until(async () => await Seen(sku) == price, $"{sku} is seen at {price}", TimeSpan.FromMilliseconds(1));

    private CallContext Call() => new($"op-{_operations++}", Caller.System, _clock.Now.AddMinutes(1));
}
