using Commerce.Engine;
using Commerce.Kernel;
using Xunit;
using static Commerce.Journal.Tests.Appends;

namespace Commerce.Journal.Tests;

/// <summary>Several openings of one database behave as several processes do: they share nothing but the database.</summary>
public sealed class SeveralProcessesTests(PostgresStore postgres) : IClassFixture<PostgresStore>, IAsyncLifetime
{
    private readonly List<CommerceDatabases> _opened = [];

    public async ValueTask InitializeAsync()
    {
        for (var n = 0; n < 3; n++) _opened.Add(await postgres.OpenAnother());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var databases in _opened) await databases.DisposeAsync();
    }

    [Fact]
    public async Task A_tail_follows_all_of_them_and_misses_and_doubles_nothing()
    {
        const int Versions = 30;
        var entities = Enumerable.Range(0, 8).Select(_ => NewEntity()).ToList();
        using var stop = new CancellationTokenSource();
        var log = postgres.Journal;
        var tails = Enumerable.Range(0, log.Partitions).Select(p => log.Follow(p, stop.Token)).ToList();

        // Every process wants to make every version of every entity.
        var writers = _opened.SelectMany((databases, process) => entities.Select(async entity =>
        {
            var committed = new List<long>();
            for (var version = 0; version < Versions;)
                switch (await databases.Journal("Journal").Append(To(entity, version, $"{process}@{version}")))
                {
                    case AppendResult.Committed done: committed.Add(done.Version); version++; break;
                    case AppendResult.Conflict other: version = (int)other.Version; break;
                    case var unexpected: Assert.Fail($"{unexpected}"); break;
                }

            return (entity, committed);
        })).ToList();
        var made = await Task.WhenAll(writers);
        await stop.CancelAsync();

        var seen = (await Task.WhenAll(tails)).SelectMany(t => t).ToList();
        var all = Enumerable.Range(1, Versions).Select(v => (long)v).ToList();
        foreach (var entity in entities)
        {
            Assert.Equal(all, made.Where(m => m.entity == entity).SelectMany(m => m.committed).Order());
            Assert.Equal(all, seen.Where(r => r.Entity == entity).Select(r => r.Version));
        }

        foreach (var partition in seen.GroupBy(r => r.Partition))
            Assert.Equal(Enumerable.Range(1, partition.Count()).Select(p => (long)p), partition.Select(r => r.Position));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task One_that_begins_later_finds_all_facts_of_a_type_in_pieces_of_any_size(int limit)
    {
        var entity = NewEntity();
        for (var version = 0; version < 60; version += 3)
        {
            var append = To(entity, version, $"op {version}", facts: 3, type: "noise/1");
            var wanted = append.Facts[version % 2] with { Type = "wanted/1" };
            await postgres.Journal.Append(append with { Facts = [.. append.Facts.Select((f, n) => n == version % 2 ? wanted : f)] });
        }

        await using var another = await postgres.OpenAnother();
        var log = another.Journal("Journal");
        var (found, after) = (new List<RecordedFact>(), 0L);
        for (var head = (await log.Heads(default))[log.PartitionOf(entity)]; after < head;)
        {
            var (facts, seenTo) = await log.Read(log.PartitionOf(entity), after, limit, ["wanted/1"], default);
            Assert.True(seenTo > after);
            Assert.InRange(facts.Count, 0, limit);
            (after, found) = (seenTo, [.. found, .. facts]);
        }

        Assert.Equal(
            Enumerable.Range(0, 20).Select(n => (long)((n * 3) + (n * 3 % 2) + 1)),
            found.Where(f => f.Entity == entity).Select(f => f.Version));
    }

    [Fact]
    public async Task Claims_wanted_in_opposite_orders_do_not_lock_each_other_out()
    {
        for (var round = 0; round < 20; round++)
        {
            UniqueValue a = Email($"a{round}@example.com"), b = Email($"b{round}@example.com");
            var outcomes = await Task.WhenAll(
                _opened[0].Journal("Journal").Append(To(NewEntity(), 0, "take") with { Take = [a, b] }),
                _opened[1].Journal("Journal").Append(To(NewEntity(), 0, "take") with { Take = [b, a] }));
            Assert.Single(outcomes, o => o is AppendResult.Committed);
            Assert.Single(outcomes, o => o is AppendResult.Taken);
        }
    }

    [Fact]
    public async Task A_commit_of_one_wakes_those_who_wait_in_another_without_polling()
    {
        var patient = new JournalOptions { PollInterval = TimeSpan.FromHours(1) };
        await using var waiting = await postgres.OpenAnother(patient);
        var journal = waiting.Journal("Journal");
        var entity = NewEntity();
        // Whether it listens already cannot be seen from outside; once it does, one commit is enough.
        for (var woken = Task.CompletedTask; ; entity = NewEntity())
        {
            woken = journal.Changed(CancellationToken.None);
            await _opened[0].Journal("Journal").Append(To(entity, 0, "op"));
            if (await Task.WhenAny(woken, Task.Delay(200)) == woken) break;
        }

        var (before, next) = (journal.PartitionOf(entity), NewEntity());
        var grown = journal.Changed(journal.PartitionOf(next), CancellationToken.None);
        var others = Enumerable.Range(0, journal.Partitions).Where(p => p != before && p != journal.PartitionOf(next))
            .Select(p => journal.Changed(p, CancellationToken.None)).ToList();
        await _opened[0].Journal("Journal").Append(To(next, 0, "op"));
        await grown;
        Assert.DoesNotContain(others, o => o.IsCompleted); // who follows another partition sleeps on
    }

    [Fact]
    public async Task Others_announce_their_commits_sooner_while_there_is_a_watcher()
    {
        var (watching, other) = (_opened[0].Journal("Journal"), _opened[1].Journal("Journal"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await watching.Changed(patience.Token); // a follower alone changes nothing
        var calm = other.TellsWithin;
        while (other.TellsWithin == calm) await watching.ChangedSoon(patience.Token); // at each regular look, as a live stream does
        Assert.True(other.TellsWithin < calm);
        Assert.Equal(calm, watching.TellsWithin); // its own watchers it wakes itself
        while (other.TellsWithin < calm) await Task.Delay(20, patience.Token); // no watcher any more
    }

    [Fact]
    public async Task All_agree_where_an_entity_belongs()
    {
        var entity = NewEntity();
        var homes = _opened.Select(o => o.Journal("Journal").PartitionOf(entity)).Distinct();
        await postgres.Journal.Append(To(entity, 0, "op"));
        Assert.Equal(Assert.Single(await postgres.Journal.History(entity, 0, 1, CancellationToken.None)).Partition, Assert.Single(homes));
    }
}
