using Commerce.Engine;
using Commerce.Kernel;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>
/// A changed, a missing and an added fact are found, whatever account did it (decision 29). Here a superuser does.
/// </summary>
public sealed class VerificationTests
{
    [Fact]
    public async Task Untouched_history_verifies_and_what_came_after_the_last_seal_is_counted()
    {
        await using var journal = await SealedJournal.Open();
        await journal.Fill();
        await journal.Journal.Append(To(NewEntity(), 0, "late", facts: 2));
        var found = await journal.Verify();
        Assert.Empty(found.Faults);
        Assert.Equal((20, 2, 3), (found.Facts, found.Unsealed, found.Last!.Number));
        Assert.NotNull(await journal.Sealer.Advance(TestContext.Current.CancellationToken));
        Assert.Null(await journal.Sealer.Advance(TestContext.Current.CancellationToken));
        Assert.Equal((20, 0, 4), await journal.Verify() is var all ? (all.Facts, all.Unsealed, all.Last!.Number) : default);
    }

    [Theory]
    [InlineData("data = replace(data::text, '\"makes\":2', '\"makes\":9')::json")]
    [InlineData("data = (data::text || ' ')::json")]
    [InlineData("types = 'happened/1 happened/2'")]
    [InlineData("caller = 'another caller'")]
    [InlineData("cause = 'another caller'")]
    [InlineData("cause = null")]
    [InlineData("operation = 'another operation'")]
    [InlineData("at = at + interval '1 microsecond'")]
    [InlineData("at = 'infinity'")]
    [InlineData("trace = null")]
    [InlineData("answer = '\"another answer\"'")]
    [InlineData("own = not own")]
    [InlineData("unfinished = not unfinished")]
    [InlineData("entity = 'thing/other', based_on = 0")]
    public async Task A_fact_of_which_anything_was_changed_is_found(string change)
    {
        await using var journal = await SealedJournal.Open();
        var entity = (await journal.Fill())[1];
        Assert.Equal(1, await journal.AsSuperuser($"update journal.appends set {change} where entity = '{entity}' and facts = 2"));
        var fault = (await journal.Verify()).Faults[0];
        Assert.Equal(FaultKind.Changed, fault.Kind);
        Assert.StartsWith("partition 1, position 7: ", fault.Where);
    }

    [Fact]
    public async Task A_missing_fact_is_found_by_its_position_and_its_version()
    {
        await using var journal = await SealedJournal.Open();
        var entities = await journal.Fill();
        Assert.Equal(1, await journal.AsSuperuser($"delete from journal.appends where entity = '{entities[0]}' and facts = 2"));
        Assert.Equal(
            ["Missing partition 1, position 5", $"Missing {entities[0]}, versions 2 to 3"], await journal.Faults());
        // The last one leaves no gap in the entity's versions, nor in the positions.
        Assert.Equal(1, await journal.AsSuperuser($"delete from journal.appends where entity = '{entities[2]}' and facts = 3"));
        Assert.Contains("Missing partition 1, position 18", await journal.Faults());
    }

    [Fact]
    public async Task A_missing_fact_that_was_not_sealed_yet_leaves_a_gap()
    {
        await using var journal = await SealedJournal.Open();
        var entities = await journal.Fill();
        foreach (var (n, entity) in entities.Index()) await journal.Journal.Append(To(EntityId.Parse(entity), 6, $"late {n}"));
        await journal.AsSuperuser("delete from journal.appends where position = 20");
        Assert.Equal(["Missing partition 1, position 20"], await journal.Faults());
        await journal.Sealer.Advance(TestContext.Current.CancellationToken);
        Assert.Equal(["Missing partition 1, position 20"], await journal.Faults());
    }

    [Theory]
    [InlineData("1, 17", "partition 1, position 17: thing/added, version 1")] // between the positions of the facts of one append
    [InlineData("1, 0", "partition 1, position 0: thing/added, version 1")]
    [InlineData("7, 1", "partition 7, position 1: thing/added, version 1")]
    public async Task An_added_fact_is_found(string place, string where)
    {
        await using var journal = await SealedJournal.Open();
        await journal.Fill();
        await journal.AsSuperuser($"""
            insert into journal.appends (partition, position, entity, based_on, at, facts, own, unfinished, operation, caller, types, data)
            values ({place}, 'thing/added', 0, now(), 1, false, false, 'op', 'caller', 'happened/1', '[1]')
            """);
        Assert.StartsWith($"Added {where}", Assert.Single(await journal.Faults()));
    }

    [Fact]
    public async Task A_history_that_was_replaced_by_another_is_found()
    {
        await using var journal = await SealedJournal.Open();
        var entity = (await journal.Fill())[0];
        await journal.AsSuperuser($"update journal.appends set based_on = based_on + 1 where entity = '{entity}' and facts = 3");
        var faults = await journal.Faults();
        Assert.Contains($"Missing {entity}, version 4", faults);
        Assert.Contains(faults, f => f.StartsWith("Changed partition 1, position 12: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_erasure_and_a_rotation_of_keys_change_nothing_that_was_sealed()
    {
        var ring = KeyRing.New([PostgresStore.Capability.Name]);
        await using var journal = await SealedJournal.Open(ring);
        var (kept, erased) = (NewEntity("person"), NewEntity("person"));
        foreach (var entity in new[] { kept, erased })
        {
            var (json, keys) = journal.Personal.Write(entity, new Said("my name"));
            await journal.Journal.Append(To(entity, 0, "said") with { Facts = [new("said/1", json, keys)], Keys = keys });
        }

        await journal.Sealer.Advance(TestContext.Current.CancellationToken);
        await journal.Journal.Append(To(erased, 1, "erased") with { Erases = [Purpose.Contact] });
        Assert.Equal(1, await journal.Rewrap(ring.Rotated()));
        await journal.Sealer.Advance(TestContext.Current.CancellationToken);
        Assert.Empty(await journal.Faults());
    }

    [Fact]
    public async Task More_than_one_block_is_sealed_at_once_and_by_one_process_at_a_time()
    {
        await using var journal = await SealedJournal.Open();
        await Task.WhenAll(Enumerable.Range(0, 4500).Select(_ => journal.Journal.Append(To(NewEntity(), 0, "op"))));
        Sealer[] sealers = [journal.Sealer, journal.Another(), journal.Another()];
        await Task.WhenAll(sealers.Select(s => s.Advance(TestContext.Current.CancellationToken)));
        var found = await journal.Verify();
        Assert.Equal((0, 4500, 0), (found.Faults.Count, found.Facts, found.Unsealed));
        Assert.Equal(4, found.Last!.Number);
    }

    private sealed record Said([Personal(Purpose.Contact)] string Words);
}
