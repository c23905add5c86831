using Commerce.Engine;
using Commerce.Kernel;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>What every journal promises to its entities, over any storage (J1, J3, J5).</summary>
public abstract class JournalContract(CapabilityStore store)
{
    private IJournal Journal => store.Journal;

    [Fact]
    public async Task An_entity_that_nothing_happened_to_is_at_version_0()
    {
        var loaded = await Journal.Load(NewEntity(), "shape/1");
        Assert.Equal(0, loaded.Version);
        Assert.Null(loaded.Snapshot);
        Assert.Empty(loaded.Facts);
    }

    [Fact]
    public async Task What_was_committed_is_loaded_in_order()
    {
        var entity = NewEntity();
        Assert.Equal(new AppendResult.Committed(2), await Journal.Append(To(entity, 0, "first", facts: 2)));
        Assert.Equal(new AppendResult.Committed(3), await Journal.Append(To(entity, 2, "second")));

        var loaded = await Journal.Load(entity, "shape/1");
        Assert.Equal(3, loaded.Version);
        Assert.Equal([.. To(entity, 0, "x", facts: 3).Facts], loaded.Facts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_origin_is_that_of_the_newest_append_that_is_not_the_processs_own(bool snapshot)
    {
        var entity = NewEntity();
        Assert.Null((await Journal.Load(entity, "shape/1")).Origin);
        await Journal.Append(To(entity, 0, "placed"));
        Assert.Equal("tester", (await Journal.Load(entity, "shape/1")).Origin);
        await Journal.Append(To(entity, 1, "noted") with { Caller = "system", Cause = "cus_ada", Take = [Email(entity.Key)] });
        await Journal.Append(To(entity, 2, "step") with { Caller = "system", Cause = "tester", Own = true });
        await Journal.Append(To(entity, 3, "refused", facts: 0));
        if (snapshot) await Journal.Append(To(entity, 3, "kept", facts: 0) with { Snapshot = new("shape/1", 3, "{}") });
        Assert.Equal("cus_ada", (await Journal.Load(entity, "shape/1")).Origin);
        Assert.Equal("cus_ada", (await Journal.Load(entity, "shape/1", known: 3)).Origin);
    }

    [Fact]
    public async Task An_append_on_another_version_is_a_conflict_and_changes_nothing()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first", facts: 2));
        Assert.Equal(new AppendResult.Conflict(2), await Journal.Append(To(entity, 1, "late")));
        Assert.Equal(new AppendResult.Conflict(2), await Journal.Append(To(entity, 3, "early")));
        Assert.Equal(2, (await Journal.Load(entity, "shape/1")).Version);
        Assert.Equal(new AppendResult.Committed(3), await Journal.Append(To(entity, 2, "late"))); // its operation id was not used up
    }

    [Fact]
    public async Task A_repeated_operation_gets_its_first_answer_whatever_the_version()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "pay"));
        var expected = new AppendResult.Duplicate("fingerprint of pay", "\"answer to pay\"");
        Assert.Equal(expected, await Journal.Append(To(entity, 0, "pay") with { Answer = "\"other\"", Fingerprint = "other" }));
        Assert.Equal(expected, await Journal.Append(To(entity, 1, "pay")));
        Assert.Equal(1, (await Journal.Load(entity, "shape/1")).Version);
    }

    [Fact]
    public async Task An_operation_whose_answer_is_not_kept_is_known_all_the_same()
    {
        var entity = NewEntity();
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(entity, 0, "hold") with { Answer = null, Fingerprint = null }));
        Assert.Equal(new AppendResult.Duplicate(null, null), await Journal.Append(To(entity, 1, "hold")));
    }

    [Fact]
    public async Task An_outcome_of_ones_own_is_no_operation_that_others_could_repeat()
    {
        var entity = NewEntity();
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(entity, 0, "step") with { Own = true }));
        Assert.Equal(new AppendResult.Conflict(1), await Journal.Append(To(entity, 0, "step") with { Own = true }));
        Assert.Equal(new AppendResult.Committed(2), await Journal.Append(To(entity, 1, "step") with { Own = true }));
        Assert.Equal(new AppendResult.Committed(3), await Journal.Append(To(entity, 2, "step")));
        Assert.Equal(new AppendResult.Duplicate("fingerprint of step", "\"answer to step\""), await Journal.Append(To(entity, 3, "step")));
    }

    [Fact]
    public async Task An_operation_that_has_its_answer_is_known_without_asking_for_it_again()
    {
        var (entity, other) = (NewEntity(), NewEntity());
        await Journal.Append(To(entity, 0, "done"));
        await Journal.Append(To(entity, 1, "refused", facts: 0));
        await Journal.Append(To(entity, 1, "step") with { Own = true });
        await Journal.Append(To(entity, 0, "late"));
        Assert.True(await Journal.Knows(entity, "done"));
        Assert.True(await Journal.Knows(entity, "refused"));
        foreach (var unknown in (string[])["step", "late", "never", ""]) Assert.False(await Journal.Knows(entity, unknown));
        Assert.False(await Journal.Knows(other, "done"));
    }

    [Fact]
    public async Task The_same_operation_id_of_another_entity_is_another_operation()
    {
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(NewEntity(), 0, "same")));
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(NewEntity(), 0, "same")));
    }

    [Fact]
    public async Task An_append_without_facts_keeps_its_answer()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first"));
        Assert.Equal(new AppendResult.Committed(1), await Journal.Append(To(entity, 1, "refused", facts: 0) with { Fingerprint = null }));
        Assert.Equal(new AppendResult.Duplicate(null, "\"answer to refused\""), await Journal.Append(To(entity, 1, "refused")));
        Assert.Equal(new AppendResult.Conflict(1), await Journal.Append(To(entity, 0, "refused on old news", facts: 0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_decision_on_top_of_an_append_that_lost_is_a_conflict_even_at_the_right_version(bool together)
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "another writer's"));
        var lost = Journal.Append(To(entity, 0, "lost"));
        if (!together) await lost;
        var onTop = Journal.Append(To(entity, 1, "on top") with { After = new("lost", Noon) });
        var silent = Journal.Append(To(entity, 1, "on top, without facts", facts: 0) with { After = new("lost", Noon) });
        Assert.All(await Task.WhenAll(lost, onTop, silent), a => Assert.Equal(new AppendResult.Conflict(1), a));
        var right = To(entity, 1, "on top") with { After = new("another writer's", Noon) };
        var ofAnotherDecision = right with { After = new("another writer's", Noon.AddSeconds(1)) };
        Assert.Equal(new AppendResult.Conflict(1), await Journal.Append(ofAnotherDecision));
        Assert.Equal(new AppendResult.Committed(2), await Journal.Append(right));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_decided_on_top_of_what_is_committed_by_then_is_committed(bool together)
    {
        var entity = NewEntity();
        var first = Journal.Append(To(entity, 0, "first", facts: 2));
        if (!together) await first;
        var second = Journal.Append(To(entity, 2, "no facts", facts: 0) with { After = new("first", Noon) });
        if (!together) await second;
        var third = Journal.Append(To(entity, 2, "third") with { After = new("first", Noon) });
        var fourth = Journal.Append(To(entity, 3, "fourth") with { After = new("third", Noon) });
        Assert.Equal([2, 2, 3, 4], (await Task.WhenAll(first, second, third, fourth)).Select(a => ((AppendResult.Committed)a).Version));
    }

    [Fact]
    public async Task Of_many_writers_exactly_one_makes_each_version()
    {
        const int Writers = 16, Versions = 10;
        var entity = NewEntity();
        for (var version = 0; version < Versions; version++)
        {
            var at = version;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Journal.Append(To(entity, at, $"{w}@{at}"))));
            Assert.Single(outcomes, o => o == new AppendResult.Committed(at + 1));
            Assert.Equal(Writers - 1, outcomes.Count(o => o == new AppendResult.Conflict(at + 1)));
        }

        Assert.Equal([.. To(entity, 0, "x", facts: Versions).Facts], (await Journal.Load(entity, "shape/1")).Facts);
    }

    [Fact]
    public async Task Appends_that_build_on_each_other_may_be_sent_at_once()
    {
        var entity = NewEntity();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Journal.Append(To(entity, n * 2, $"op {n}", facts: 2))));
        Assert.Equal(Enumerable.Range(0, 200).Select(n => new AppendResult.Committed((n * 2) + 2)), outcomes);
        Assert.Equal([.. To(entity, 0, "x", facts: 400).Facts], (await Journal.Load(entity, "shape/1")).Facts);
    }

    [Fact]
    public async Task What_builds_on_an_append_that_failed_fails_with_it()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first"));
        AppendRequest[] chain = [To(entity, 1, "good"), To(entity, 2, "first"), To(entity, 3, "on top"), To(entity, 4, "on top of that")];
        var outcomes = await Task.WhenAll(chain.Select(Journal.Append));
        Assert.Equal(new AppendResult.Committed(2), outcomes[0]);
        Assert.IsType<AppendResult.Duplicate>(outcomes[1]);
        Assert.Equal([new AppendResult.Conflict(2), new AppendResult.Conflict(2)], outcomes[2..]);
        Assert.Equal(2, (await Journal.Load(entity, "shape/1")).Version);
    }

    [Fact]
    public async Task One_operation_sent_twice_at_once_is_done_once()
    {
        var entity = NewEntity();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Journal.Append(To(entity, 0, "once"))));
        Assert.Single(outcomes, o => o == new AppendResult.Committed(1));
        Assert.Equal(7, outcomes.Count(o => o == new AppendResult.Duplicate("fingerprint of once", "\"answer to once\"")));
    }

    [Fact]
    public async Task One_entitys_conflict_does_not_fail_others_of_the_same_moment()
    {
        var entities = Enumerable.Range(0, 100).Select(_ => NewEntity()).ToList();
        var outcomes = await Task.WhenAll(entities.Select((e, n) => Journal.Append(To(e, n % 3 == 0 ? 5 : 0, "op"))));
        for (var n = 0; n < outcomes.Length; n++)
            Assert.Equal(n % 3 == 0 ? new AppendResult.Conflict(0) : new AppendResult.Committed(1), outcomes[n]);
    }

    [Fact]
    public async Task A_snapshot_shortens_loading()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first", facts: 5) with { Snapshot = new("shape/1", 5, """{"sum":5}""") });
        await Journal.Append(To(entity, 5, "second", facts: 2));

        var loaded = await Journal.Load(entity, "shape/1");
        Assert.Equal(7, loaded.Version);
        Assert.Equal(new Snapshot("shape/1", 5, """{"sum":5}"""), loaded.Snapshot);
        Assert.Equal([.. To(entity, 5, "x", facts: 2).Facts], loaded.Facts);
    }

    [Fact]
    public async Task An_erasure_takes_the_keys_of_all_rows_before_it_in_the_same_commit()
    {
        const string both = """{"contact": "1.YQ==", "statutory": "1.Yg=="}""", rest = """{"statutory": "1.Yg=="}""";
        var (entity, other) = (NewEntity(), NewEntity());
        foreach (var one in (EntityId[])[entity, other])
        {
            await Journal.Append(Keyed(To(one, 0, "first", facts: 2), both) with { Snapshot = new("shape/1", 2, "2", both) });
            await Journal.Append(To(one, 2, "refused", facts: 0) with { Keys = both });
        }

        await Journal.Append(Keyed(To(entity, 2, "erased"), both) with { Erases = [Purpose.Contact] });

        var loaded = await Journal.Load(entity, "shape/1");
        Assert.Null(loaded.Snapshot);
        Assert.Equal([rest, rest, both], loaded.Facts.Select(f => f.Keys));
        var again = new AppendResult.Duplicate(null, "\"answer to first\"", rest);
        Assert.Equal(again, await Journal.Append(To(entity, 3, "first")));
        Assert.Equal(new AppendResult.Committed(4), await Journal.Append(To(entity, 3, "refused"))); // its answer is gone
        Assert.Equal(both, (await Journal.Load(other, "shape/1")).Snapshot!.Keys);
        Assert.IsType<AppendResult.Duplicate>(await Journal.Append(To(other, 2, "refused")));
        Assert.All((await store.Log.ReadAll()).Where(f => f.Entity == entity && f.Version < 3), f => Assert.Equal(rest, f.Fact.Keys));
    }

    [Fact]
    public async Task An_erasure_that_conflicts_takes_nothing()
    {
        const string keys = """{"contact": "1.YQ=="}""";
        var entity = NewEntity();
        await Journal.Append(Keyed(To(entity, 0, "first"), keys));
        Assert.Equal(new AppendResult.Conflict(1), await Journal.Append(To(entity, 0, "late") with { Erases = [Purpose.Contact] }));
        Assert.Equal(keys, (await Journal.Load(entity, "shape/1")).Facts[0].Keys);
    }

    private static AppendRequest Keyed(AppendRequest append, string keys) =>
        append with { Keys = keys, Facts = [.. append.Facts.Select(f => f with { Keys = keys })] };

    [Fact]
    public async Task The_newest_snapshot_is_used()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first") with { Snapshot = new("shape/1", 1, "1") });
        await Journal.Append(To(entity, 1, "second") with { Snapshot = new("shape/1", 2, "2") });
        await Journal.Append(To(entity, 2, "third"));
        Assert.Equal(new Snapshot("shape/1", 2, "2"), (await Journal.Load(entity, "shape/1")).Snapshot);
    }

    [Theory]
    [InlineData(6, 6, 1)] // newer than the snapshot
    [InlineData(5, 5, 2)]
    [InlineData(4, 5, 2)] // the snapshot is newer
    [InlineData(7, 7, 0)]
    [InlineData(8, 5, 2)] // of a version that is not there, nothing is known
    public async Task What_is_known_is_not_read_again(long known, long since, int facts)
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first", facts: 5) with { Snapshot = new("shape/1", 5, "1") });
        await Journal.Append(To(entity, 5, "second", facts: 2));

        var loaded = await Journal.Load(entity, "shape/1", known);
        Assert.Equal((7, since, known is >= 5 and <= 7), (loaded.Version, loaded.Since, loaded.Snapshot is null));
        Assert.Equal([.. To(entity, since, "x", facts: facts).Facts], loaded.Facts);
    }

    [Fact]
    public async Task A_snapshot_of_another_shape_is_not_used()
    {
        var entity = NewEntity();
        await Journal.Append(To(entity, 0, "first", facts: 5) with { Snapshot = new("shape/1", 5, "1") });
        var loaded = await Journal.Load(entity, "shape/2");
        Assert.Null(loaded.Snapshot);
        Assert.Equal(5, loaded.Version);
        Assert.Equal(5, loaded.Facts.Count);
    }

    [Fact]
    public async Task Text_of_any_language_comes_back_as_it_was()
    {
        var entity = new EntityId("thing", $"läden/商店/{NewEntity().Key}");
        const string Json = """{"b":"Ærøskøbing 😀 \"quoted\" \\ \n","a":1.50,"a":null}""";
        await Journal.Append(To(entity, 0, "op") with { Facts = [new("happened/1", Json)] });
        Assert.Equal(Json, Assert.Single((await Journal.Load(entity, "shape/1")).Facts).Json);
    }
}
