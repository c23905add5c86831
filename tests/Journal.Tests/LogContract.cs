using Commerce.Engine;
using Commerce.Kernel;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>What every journal promises to followers of its facts, to checkpoints and to alarms (J2).</summary>
public abstract class LogContract(CapabilityStore store)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IFactLog Log => store.Log;

    [Fact]
    public async Task Everything_known_of_a_fact_is_recorded_with_it()
    {
        var entity = NewEntity();
        var append = To(entity, 0, "op", facts: 2) with { TraceParent = "00-trace-01", Cause = "cus_ada" };
        await store.Journal.Append(append);
        var history = await Log.History(entity, 0, 10, None);
        Assert.Equal(2, history.Count);
        for (var n = 0; n < 2; n++)
            Assert.Equal(
                new RecordedFact(
                    Log.PartitionOf(entity), history[0].Position + n, entity, n + 1, append.Facts[n], append.At,
                    "op", "tester", "00-trace-01", "cus_ada"),
                history[n]);
    }

    [Fact]
    public async Task An_entitys_history_is_read_in_portions()
    {
        var entity = NewEntity();
        await store.Journal.Append(To(entity, 0, "op", facts: 10));
        Assert.Equal([1L, 2, 3], (await Log.History(entity, 0, 3, None)).Select(r => r.Version));
        Assert.Equal([9L, 10], (await Log.History(entity, 8, 3, None)).Select(r => r.Version));
    }

    [Fact]
    public async Task Positions_have_no_gaps_even_when_appends_fail()
    {
        var entities = Enumerable.Range(0, 60).Select(_ => NewEntity()).ToList();
        await Task.WhenAll(entities.Select((e, n) => store.Journal.Append(To(e, n % 4 == 0 ? 3 : 0, "op", facts: (n % 3) + 1))));
        var all = await Log.ReadAll();
        var heads = await Log.Heads(None);
        Assert.Equal(Log.Partitions, heads.Count);
        for (var partition = 0; partition < Log.Partitions; partition++)
            Assert.Equal(
                Enumerable.Range(1, (int)heads[partition]).Select(p => (long)p),
                all.Where(r => r.Partition == partition).Select(r => r.Position));
        Assert.All(all, r => Assert.Equal(r.Partition, Log.PartitionOf(r.Entity)));
    }

    [Fact]
    public async Task A_reader_of_some_types_gets_on_although_there_is_nothing_for_it()
    {
        var entity = NewEntity();
        var partition = Log.PartitionOf(entity);
        var before = (await Log.Heads(None))[partition];
        await store.Journal.Append(To(entity, 0, "noise", facts: 50));
        await store.Journal.Append(To(entity, 50, "rare", type: "rare/1"));
        await store.Journal.Append(To(entity, 51, "more noise", facts: 5));

        var (found, after, reads) = (new List<RecordedFact>(), before, 0);
        for (var head = (await Log.Heads(None))[partition]; after < head; reads++)
        {
            var (facts, seenTo) = await Log.Read(partition, after, 10, ["rare/1"], None);
            Assert.True(seenTo > after);
            (found, after) = ([.. found, .. facts], seenTo);
        }

        Assert.Equal(51, Assert.Single(found, r => r.Entity == entity).Version);
        var (nothing, still) = await Log.Read(partition, after, 10, ["rare/1"], None);
        Assert.Empty(nothing);
        Assert.True(still >= after);
    }

    [Fact]
    public async Task A_tail_under_concurrent_appends_misses_and_doubles_nothing()
    {
        const int Writers = 12, Each = 40;
        using var stop = new CancellationTokenSource();
        var entities = Enumerable.Range(0, Writers).Select(_ => NewEntity("tailed")).ToHashSet();
        var tails = Enumerable.Range(0, Log.Partitions).Select(p => Log.Follow(p, stop.Token)).ToList();
        await Task.WhenAll(entities.Select(async entity =>
        {
            for (var n = 0; n < Each; n++)
                Assert.IsType<AppendResult.Committed>(await store.Journal.Append(To(entity, n, $"op {n}")));
        }));
        await stop.CancelAsync();

        var seen = (await Task.WhenAll(tails)).SelectMany(s => s).ToList();
        Assert.All(tails, t => Assert.Equal(t.Result.Select(r => r.Position).Order().Distinct(), t.Result.Select(r => r.Position)));
        foreach (var entity in entities)
            Assert.Equal(Enumerable.Range(1, Each).Select(v => (long)v), seen.Where(r => r.Entity == entity).Select(r => r.Version));
    }

    [Fact]
    public async Task Who_waits_for_a_change_is_woken_by_a_commit()
    {
        var changed = Log.Changed(None);
        await store.Journal.Append(To(NewEntity(), 0, "op"));
        await changed;
    }

    [Fact]
    public async Task Waiting_for_a_change_can_be_given_up()
    {
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.Changed(cancel.Token));
    }

    [Fact]
    public async Task A_checkpoint_never_moves_back()
    {
        var name = NewEntity().Key;
        Assert.Equal(0, await store.Checkpoints.Load(name, 1, None));
        await store.Checkpoints.Save(name, 1, 10, None);
        await store.Checkpoints.Save(name, 1, 7, None);
        Assert.Equal(10, await store.Checkpoints.Load(name, 1, None));
        Assert.Equal(0, await store.Checkpoints.Load(name, 2, None));
    }

    [Fact]
    public async Task A_fact_set_aside_is_kept_whole_until_it_is_let_go()
    {
        var (name, entity) = (NewEntity().Key, NewEntity());
        await store.Journal.Append(To(entity, 0, "op", facts: 2) with { Cause = "cus_ada" });
        var facts = await Log.History(entity, 0, 10, None);
        await store.Checkpoints.Park(name, facts[0], "no such customer", None);
        await store.Checkpoints.Park(name, facts[1], "no such order", None);
        await store.Checkpoints.Park(name, facts[0], "still no such customer", None);

        var parked = (await store.Checkpoints.Parked(None)).Where(p => p.Subscription == name).ToList();
        Assert.Equal([(facts[0], "still no such customer"), (facts[1], "no such order")], parked.Select(p => (p.Fact, p.Reason)));
        await store.Checkpoints.Unpark(name, facts[0].Partition, facts[0].Position, None);
        Assert.Equal(facts[1], Assert.Single(await store.Checkpoints.Parked(None), p => p.Subscription == name).Fact);
    }

    [Fact]
    public async Task Alarms_are_due_in_the_order_of_their_times()
    {
        var day = Noon.AddDays(-2); // before the alarms of other tests
        var (early, late, changed) = (NewEntity("alarm"), NewEntity("alarm"), NewEntity("alarm"));
        await store.Journal.Append(To(late, 0, "op") with { WakeAt = day.AddMinutes(2) });
        await store.Journal.Append(To(early, 0, "op") with { WakeAt = day.AddMinutes(1) });
        await store.Journal.Append(To(changed, 0, "op") with { WakeAt = day });
        Assert.Equal([(changed, day), (early, day.AddMinutes(1))], await Due(day.AddMinutes(1)));

        await store.Journal.Append(To(changed, 1, "never mind") with { AlarmOver = true });
        Assert.Equal([(early, day.AddMinutes(1)), (late, day.AddMinutes(2))], await Due(day.AddMinutes(2)));
        Assert.Equal(early, Assert.Single(await store.Alarms.Due(day.AddMinutes(9), 1, None)).Entity);
    }

    [Fact]
    public async Task An_append_sets_an_alarm_earlier_and_never_later()
    {
        var entity = NewEntity("earlier");
        await store.Journal.Append(To(entity, 0, "first") with { WakeAt = Noon.AddMinutes(2) });
        await store.Journal.Append(To(entity, 1, "later") with { WakeAt = Noon.AddMinutes(3) });
        await store.Journal.Append(To(entity, 2, "silent"));
        Assert.Equal([(entity, Noon.AddMinutes(2))], await Due(Noon.AddHours(1), "earlier"));
        await store.Journal.Append(To(entity, 3, "earlier") with { WakeAt = Noon.AddMinutes(1) });
        Assert.Equal([(entity, Noon.AddMinutes(1))], await Due(Noon.AddHours(1), "earlier"));
    }

    [Fact]
    public async Task An_alarm_is_moved_for_the_version_that_it_was_seen_at_only()
    {
        var entity = NewEntity("moved");
        await store.Journal.Append(To(entity, 0, "first") with { WakeAt = Noon });
        await store.Alarms.Move(entity, 1, Noon.AddMinutes(5));
        Assert.Equal([(entity, Noon.AddMinutes(5))], await Due(Noon.AddHours(1), "moved"));
        await store.Journal.Append(To(entity, 1, "gone on"));
        await store.Alarms.Move(entity, 1, null);
        Assert.Equal([(entity, Noon.AddMinutes(5))], await Due(Noon.AddHours(1), "moved"));
        await store.Alarms.Move(entity, 2, null);
        Assert.Empty(await Due(Noon.AddHours(1), "moved"));
    }

    [Fact]
    public async Task What_does_not_go_on_gets_an_alarm_and_what_has_gone_on_does_not()
    {
        var (stuck, done, young, again) = (NewEntity("swept"), NewEntity("swept"), NewEntity("swept"), NewEntity("swept"));
        foreach (var entity in new[] { stuck, done, again }) await store.Journal.Append(To(entity, 0, "begin") with { Unfinished = true });
        await store.Journal.Append(To(done, 1, "end"));
        await store.Journal.Append(To(again, 1, "goes on") with { Unfinished = true, At = Noon.AddMinutes(1) });
        await store.Journal.Append(To(young, 0, "begin") with { Unfinished = true, At = Noon.AddMinutes(2) });
        await store.Alarms.Sweep(Noon.AddSeconds(30), None);
        Assert.Equal([stuck], (await Due(Noon.AddHours(1), "swept")).Select(d => d.Entity));

        await store.Alarms.Move(stuck, 1, null); // and is not found a second time
        await store.Alarms.Sweep(Noon.AddMinutes(1), None);
        Assert.Equal([again], (await Due(Noon.AddHours(1), "swept")).Select(d => d.Entity));
        await store.Alarms.Sweep(Noon.AddMinutes(2), None);
        Assert.Equal([again, young], (await Due(Noon.AddHours(1), "swept")).OrderBy(d => d.WakeAt).Select(d => d.Entity));
    }

    [Fact]
    public async Task What_does_not_go_on_is_woken_also_when_it_has_an_alarm_for_later()
    {
        var (later, sooner) = (NewEntity("late"), NewEntity("late"));
        await store.Journal.Append(To(later, 0, "begin") with { Unfinished = true, WakeAt = Noon.AddDays(30) });
        await store.Journal.Append(To(sooner, 0, "begin") with { Unfinished = true, WakeAt = Noon.AddSeconds(-5) });
        await store.Alarms.Sweep(Noon.AddMinutes(1), None);
        Assert.Equal([(sooner, Noon.AddSeconds(-5)), (later, Noon.AddMinutes(1))], await Due(Noon.AddHours(1), "late"));
    }

    private async Task<List<(EntityId Entity, DateTimeOffset WakeAt)>> Due(DateTimeOffset until, string kind = "alarm") =>
        [.. (await store.Alarms.Due(until, 100, None)).Where(d => d.Entity.Kind == kind)];
}
