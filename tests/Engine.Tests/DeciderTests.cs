using Commerce.Customers;
using Commerce.Inventory;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.SingleProcess;
using Commerce.Testing;
using Xunit;

namespace Commerce.Engine.Tests;

/// <summary>What every entity does around its rules, shown on stock and customers, in a real engine.</summary>
public sealed class DeciderTests : IAsyncDisposable
{
    private readonly FakeClock _clock = new();
    private readonly List<SingleProcessEngine> _engines = [];
    private readonly InMemoryStore _inventory;
    private readonly InMemoryStore _customers;
    private int _operations;

    public DeciderTests()
    {
        _inventory = new InMemoryStore(InventoryCapability.Definition, _clock);
        _customers = new InMemoryStore(CustomersCapability.Definition with { Reactions = [] }, _clock);
        Engine = NewEngine();
    }

    private SingleProcessEngine Engine { get; }

    private IStock Stock => Engine.Get<IStock>("A1");

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines) await engine.DisposeAsync();
    }

    [Fact]
    public async Task A_repeated_operation_changes_nothing_and_gets_its_first_answer()
    {
        var call = NewCall(new Caller("web-shop", [], Reach.Everything));
        var first = await Stock.Receive(new ReceiveStock(5), call);
        await Receive(7);
        Assert.Equal(first, await Stock.Receive(new ReceiveStock(5), call));
        Assert.Equal(12, (await Stock.Get())!.OnHand);
    }

    [Fact]
    public async Task A_repeated_operation_of_the_system_changes_nothing_and_is_told_what_is()
    {
        var call = NewCall();
        await Stock.Receive(new ReceiveStock(5), call);
        await Receive(7);
        var again = await Stock.Receive(new ReceiveStock(5), call);
        Assert.True(again.Accepted);
        Assert.Equal(12, again.Value.OnHand);
        Assert.Equal(12, (await Stock.Get())!.OnHand);
    }

    [Fact]
    public async Task Two_of_one_operation_at_the_same_time_are_one()
    {
        var call = NewCall();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Stock.Receive(new ReceiveStock(5), call)));
        Assert.Single(answers.Distinct());
        Assert.Equal(5, (await Stock.Get())!.OnHand);
    }

    [Fact]
    public async Task A_refusal_is_repeated_even_when_the_state_would_allow_it_by_now()
    {
        await Receive(1);
        var call = NewCall();
        var refused = await Stock.Hold(new HoldStock("h", 2), call);
        Assert.Equal("out_of_stock", refused.Refusal?.Code);
        await Receive(10);
        Assert.Equal("out_of_stock", (await Stock.Hold(new HoldStock("h", 2), call)).Refusal?.Code);
        Assert.True((await Stock.Hold(new HoldStock("h", 2), NewCall())).Accepted);
    }

    [Fact]
    public async Task A_refusal_by_an_entity_that_does_not_exist_leaves_nothing_behind()
    {
        Assert.Equal("out_of_stock", (await Stock.Hold(new HoldStock("h", 2), NewCall())).Refusal?.Code);
        Assert.Equal(0, _inventory.Commits);
        Assert.Null(await Stock.Get());
    }

    [Fact]
    public async Task An_operation_id_used_again_for_something_else_is_refused()
    {
        var call = NewCall() with { Fingerprint = "five" };
        await Stock.Receive(new ReceiveStock(5), call);
        var other = await Stock.Receive(new ReceiveStock(6), call with { Fingerprint = "six" });
        Assert.Equal("idempotency_key_reused", other.Refusal?.Code);
        Assert.True((await Stock.Receive(new ReceiveStock(5), call with { Fingerprint = null })).Accepted);
        Assert.Equal(5, (await Stock.Get())!.OnHand);
    }

    [Fact]
    public async Task A_change_based_on_an_older_version_is_refused_and_its_repeat_too()
    {
        var seen = (await Receive(5)).Version;
        var call = NewCall() with { IfVersions = [seen] };
        Assert.True((await Stock.Receive(new ReceiveStock(1), call)).Accepted);
        var stale = NewCall() with { IfVersions = [seen] };
        Assert.Equal(RefusalKind.Stale, (await Stock.Receive(new ReceiveStock(1), stale)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Stale, (await Stock.Receive(new ReceiveStock(1), stale)).Refusal?.Kind);
        Assert.True((await Stock.Receive(new ReceiveStock(1), call)).Accepted); // a repeat of what was accepted is no stale change
        Assert.Equal(6, (await Stock.Get())!.OnHand);
        Assert.True((await Stock.Receive(new ReceiveStock(1), NewCall() with { IfVersions = [seen, seen + 1] })).Accepted);
    }

    [Fact]
    public async Task One_append_that_fails_among_many_under_way_fails_alone()
    {
        await Receive(1);
        _inventory.Hold();
        _inventory.RefuseNext(after: 10);
        var calls = Enumerable.Range(0, 30).Select(_ => Record.ExceptionAsync(() => Receive(1)).AsTask()).ToArray();
        await ReleaseOnceHeld(30);
        var failures = (await Task.WhenAll(calls)).Where(f => f is not null);
        Assert.IsType<UnavailableException>(Assert.Single(failures));
        Assert.Equal(30, (await Stock.Get())!.OnHand);
        await AssertSameAfterReplay();
    }

    [Fact]
    public async Task Decisions_made_on_a_fact_that_was_not_committed_are_made_again()
    {
        await Receive(1);
        _inventory.Hold();
        _inventory.RefuseNext();
        var receiving = Record.ExceptionAsync(() => Receive(10)).AsTask();
        await UntilHeld(1);
        var holding = Stock.Hold(new HoldStock("h", 5), NewCall()); // there is enough only with those that are about to come
        await ReleaseOnceHeld(2);
        Assert.IsType<UnavailableException>(await receiving);
        Assert.Equal("out_of_stock", (await holding).Refusal?.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_answer_is_looked_up_and_the_operation_happens_once(bool committed)
    {
        await Receive(1);
        Lose(committed);
        Assert.Equal(6, (await Receive(5)).OnHand);
        Assert.Equal(2, (await _inventory.History(new("stock", "A1"), 0, 9, default)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_decided_behind_a_lost_answer_is_not_lost(bool committed)
    {
        await Receive(1);
        _inventory.Hold();
        Lose(committed, after: 3);
        var calls = Enumerable.Range(0, 10).Select(_ => Receive(1)).ToArray();
        await ReleaseOnceHeld(10);
        await Task.WhenAll(calls);
        Assert.Equal(11, (await Stock.Get())!.OnHand);
        await AssertSameAfterReplay();
    }

    [Fact]
    public async Task A_second_lost_answer_is_told_to_the_caller_who_may_ask_again()
    {
        _inventory.LoseNext();
        _inventory.CommitNextAndLoseAnswer(after: 1);
        var call = NewCall();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => Stock.Receive(new ReceiveStock(5), call));
        Assert.Equal(5, (await Stock.Receive(new ReceiveStock(5), call)).Value?.OnHand);
        Assert.Equal(5, (await Stock.Get())!.OnHand);
    }

    [Fact]
    public async Task A_lost_answer_of_a_database_that_is_away_stays_unknown_until_it_is_back()
    {
        await Receive(1);
        _inventory.Hold();
        var call = NewCall();
        _inventory.CommitNextAndLoseAnswer();
        var receiving = Stock.Receive(new ReceiveStock(5), call);
        await UntilHeld(1);
        _inventory.ReleaseAndTakeAway();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => receiving);
        await Assert.ThrowsAsync<UnavailableException>(() => Stock.Get()); // its memory may be wrong, so it gives no answer
        await Assert.ThrowsAsync<UnavailableException>(() => Stock.Get());

        _inventory.BringBack();
        Assert.Equal(6, (await Stock.Get())!.OnHand);
        Assert.Equal(6, (await Stock.Receive(new ReceiveStock(5), call)).Value?.OnHand);
    }

    [Fact]
    public async Task A_second_activation_elsewhere_never_forks_an_entity()
    {
        var others = NewEngine().Get<IStock>("A1");
        for (var n = 0; n < 10; n++)
            await Task.WhenAll(
                Receive(1), others.Receive(new ReceiveStock(1), NewCall()), others.Hold(new HoldStock($"h{n}", 1), NewCall()));
        var history = await _inventory.History(new("stock", "A1"), 0, 99, default);
        Assert.Equal(Enumerable.Range(1, history.Count).Select(v => (long)v), history.Select(r => r.Version));
        Assert.Equal(20, (await Receive(1)).OnHand - 1);
        await AssertSameAfterReplay();
    }

    [Fact]
    public async Task Readers_see_what_is_committed_only()
    {
        await Receive(1);
        _inventory.Hold();
        var receiving = Receive(5);
        await UntilHeld(1);
        Assert.Equal(1, (await Stock.Get())!.OnHand);
        _inventory.Release();
        await receiving;
        Assert.Equal(6, (await Stock.Get())!.OnHand);
    }

    [Fact]
    public async Task A_long_history_is_loaded_from_a_snapshot_that_equals_the_full_replay()
    {
        for (var n = 0; n < 600; n++)
        {
            await Stock.Receive(new ReceiveStock(2, Reference: new string('x', 60)), NewCall());
            await Stock.Hold(new HoldStock($"h{n}", 1, n % 3 == 0 ? _clock.Now.AddDays(n + 1) : null), NewCall());
            if (n % 2 == 0) await Stock.Void(new VoidHold($"h{n}"), NewCall());
        }

        var loaded = await _inventory.Load(new("stock", "A1"), "stock/1");
        Assert.NotNull(loaded.Snapshot);
        Assert.InRange(loaded.Facts.Sum(f => f.Json.Length), 0, 64 * 1024);
        Assert.True(loaded.Facts.Count < loaded.Version / 2);
        await AssertSameAfterReplay();
    }

    [Fact]
    public async Task A_snapshot_whose_append_failed_is_still_due()
    {
        var due = 1;
        while (await ReceiveInto("A1") is null) due++;
        for (var n = 1; n < due; n++) Assert.Null(await ReceiveInto("A2"));
        _inventory.RefuseNext();
        await Assert.ThrowsAsync<UnavailableException>(() => ReceiveInto("A2"));
        Assert.Equal(due, (await ReceiveInto("A2"))?.Version);

        async Task<Snapshot?> ReceiveInto(string sku)
        {
            await Engine.Get<IStock>(sku).Receive(new ReceiveStock(2, Reference: new string('x', 60)), NewCall());
            return (await _inventory.Load(new("stock", sku), "stock/1")).Snapshot;
        }
    }

    [Fact]
    public async Task Who_has_seen_nothing_looks_again_before_saying_that_there_is_nothing()
    {
        var second = NewEngine().Get<IStock>("A1");
        Assert.Null(await second.Get());
        await Receive(5);
        Assert.True((await second.Hold(new HoldStock("h", 2), NewCall())).Accepted);
        Assert.Equal((5, 2), ((await Stock.Get())!.OnHand, (await second.Get())!.Held));
    }

    [Fact]
    public async Task Who_repeats_an_answer_of_a_second_activation_does_not_show_what_was_before_it()
    {
        await Receive(5);
        var second = NewEngine().Get<IStock>("A1");
        Assert.Equal(5, (await second.Get())!.OnHand);
        await Receive(7);
        var call = NewCall();
        var first = await Stock.Hold(new HoldStock("h", 12), call);
        Assert.Equal(first, await second.Hold(new HoldStock("h", 12), call)); // its 5 units would refuse: the journal has the answer
        Assert.Equal(12, (await second.Get())!.Held);
    }

    [Fact]
    public async Task A_decision_on_an_operation_that_a_second_activation_decided_otherwise_is_redone()
    {
        await Receive(6);
        var second = NewEngine().Get<IStock>("A1");
        Assert.Equal(6, (await second.Get())!.OnHand);
        var (call, held) = (NewCall(), new HoldStock("h", 5));
        Assert.True((await second.Hold(held, call)).Accepted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        _inventory.Hold();
        var reused = Stock.Hold(held with { Quantity = 1 }, call); // "h" of 1, as this one sees it
        await UntilHeld(1);
        var onTop = Stock.Hold(new HoldStock("on top", 4), NewCall()); // 1 + 4 of 6
        await UntilHeld(2);
        _inventory.Release();
        await reused;
        Assert.Equal("out_of_stock", (await onTop).Refusal?.Code);
        Assert.Equal((6, 5), ((await Stock.Get())!.OnHand, (await Stock.Get())!.Held));
    }

    [Fact]
    public async Task A_decision_on_top_of_one_that_lost_to_a_second_activation_is_redone()
    {
        await Receive(10);
        var second = NewEngine().Get<IStock>("A1");
        Assert.Equal(10, (await second.Get())!.OnHand);
        _inventory.Hold();
        var theirs = second.Hold(new HoldStock("theirs", 8), NewCall());
        await UntilHeld(1);
        var lost = Stock.Hold(new HoldStock("lost", 1), NewCall());
        var onTop = Stock.Hold(new HoldStock("on top", 5), NewCall());
        await UntilHeld(3);
        _inventory.Release();
        Assert.True((await theirs).Accepted && (await lost).Accepted);
        Assert.Equal("out_of_stock", (await onTop).Refusal?.Code); // at the version it expected, on a state that never was
        Assert.Equal(9, (await NewEngine().Get<IStock>("A1").Get())!.Held);
    }

    [Fact]
    public async Task Who_only_reads_learns_before_long_what_a_second_activation_wrote()
    {
        await Receive(5);
        var second = NewEngine().Get<IStock>("A1");
        Assert.Equal(5, (await second.Get())!.OnHand);
        await Receive(7);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(12, (await second.Get())!.OnHand);
    }

    [Fact]
    public async Task A_value_that_another_holds_is_refused_and_the_refusal_is_kept()
    {
        var ann = Engine.Get<ICustomer>("cus_ann");
        var bob = Engine.Get<ICustomer>("cus_bob");
        await ann.Register(new RegisterCustomer("Ann", "ann@example.com", null, null), NewCall());
        var bobs = await bob.Register(new RegisterCustomer("Bob", "ANN@example.com", null, null), NewCall());
        Assert.Equal("email_taken", bobs.Refusal?.Code);
        Assert.Null(await bob.Get());
        Assert.True((await bob.Register(new RegisterCustomer("Bob", "bob@example.com", null, null), NewCall())).Accepted);

        var wanted = NewCall();
        var change = new ChangeContact(null, "ann@example.com", null);
        Assert.Equal("email_taken", (await bob.ChangeContact(change, wanted)).Refusal?.Code);
        await ann.ChangeContact(new ChangeContact(null, "ann@example.org", null), NewCall());
        Assert.Equal("email_taken", (await bob.ChangeContact(change, wanted)).Refusal?.Code);
        Assert.True((await bob.ChangeContact(change, NewCall())).Accepted);
        Assert.Equal("bob@example.com", (await NewCustomer("bob@example.com")).Email); // given up, so free again
    }

    [Fact]
    public async Task Of_many_who_want_one_value_at_once_one_gets_it()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Engine.Get<ICustomer>($"cus_{n}").Register(new RegisterCustomer($"C{n}", "same@example.com", null, null), NewCall())));
        Assert.Single(answers, a => a.Accepted);
        Assert.All(answers.Where(a => !a.Accepted), a => Assert.Equal("email_taken", a.Refusal!.Code));
    }

    private Task UntilHeld(int appends) =>
        _clock.Until(() => Task.FromResult(_inventory.Held == appends), $"{appends} appends are under way", TimeSpan.FromTicks(1));

    private async Task ReleaseOnceHeld(int appends)
    {
        await UntilHeld(appends);
        _inventory.Release();
    }

    private void Lose(bool committed, int after = 0)
    {
        if (committed) _inventory.CommitNextAndLoseAnswer(after);
        else _inventory.LoseNext(after);
    }

    private SingleProcessEngine NewEngine()
    {
        var options = new SingleProcessOptions { Clock = _clock, Scheduler = _clock.Scheduler };
        var engine = new SingleProcessEngine([_inventory.Store, _customers.Store], new TestServices(), options);
        _engines.Add(engine);
        return engine;
    }

    private CallContext NewCall(Caller? caller = null) =>
        new($"op-{Interlocked.Increment(ref _operations)}", caller ?? Caller.System, _clock.Now.AddMinutes(1));

    private async Task<StockLevel> Receive(long quantity) => (await Stock.Receive(new ReceiveStock(quantity), NewCall())).Value!;

    private async Task<CustomerView> NewCustomer(string email) =>
        (await Engine.Get<ICustomer>("cus_new").Register(new RegisterCustomer("New", email, null, null), NewCall())).Value!;

    /// <summary>What memory holds, what a fresh activation loads, and what all facts from the first give, are the same.</summary>
    private async Task AssertSameAfterReplay()
    {
        var inMemory = await Stock.Get();
        Assert.Equal(inMemory, await NewEngine().Get<IStock>("A1").Get());
        var facts = (await _inventory.Load(new("stock", "A1"), "no such shape")).Facts;
        var replayed = facts.Aggregate(StockState.Initial, (s, f) => StockRules.Evolve(s, (StockFact)InventoryCapability.Facts.Decode(f)));
        Assert.Equal((inMemory!.OnHand, inMemory.Held, inMemory.Version), (replayed.OnHand, replayed.Holds.Held, facts.Count));
    }
}
