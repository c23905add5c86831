using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Xunit;

namespace Commerce.Journal.Tests;

/// <summary>Keeps the simulation honest: its journal in memory answers every call as the PostgreSQL journal does.</summary>
public sealed class SameAnswersTests
{
    private const int Steps = 300;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Whatever_is_asked_both_journals_answer_the_same(int seed)
    {
        await using var both = await Both.Open();
        var use = new RandomUse(seed);
        for (var step = 1; step <= Steps; step++)
        {
            var (what, ask) = use.Next();
            await both.Compare($"Seed {seed}, step {step}: {what}", ask);
        }

        await both.Compare($"Seed {seed}, at the end", u => u.Everything());
    }

    /// <remarks>
    /// What is sent at once is committed in one transaction or in some, and those of different entities in any order. So the positions of
    /// facts may differ, and nothing else may.
    /// </remarks>
    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    [InlineData(104)]
    public async Task Appends_that_are_sent_at_once_have_the_same_outcomes_and_effects(int seed)
    {
        await using var both = await Both.Open();
        var (use, entities) = (new RandomUse(seed), new HashSet<EntityId>());
        for (var step = 1; step <= Steps / 5; step++)
        {
            var appends = Enumerable.Range(0, step % 20).Select(_ => WithoutClaims(use.NextAppend())).ToList();
            entities.UnionWith(appends.Select(a => a.Entity));
            var what = $"Seed {seed}, step {step}: {string.Join('\n', appends.Select(Under.Text))}";
            await both.Compare(what, u => u.AppendAll(appends));
        }

        foreach (var entity in entities)
            await both.Compare($"Seed {seed}, at the end: {entity}", async u => Under.Text(await u.Store.Journal.Load(entity, "shape/1")));
        await both.Compare($"Seed {seed}, at the end", async u => Under.Text(await u.Store.Log.Heads(CancellationToken.None)));
        await both.Compare($"Seed {seed}, at the end", u => u.Due(DateTimeOffset.MaxValue, int.MaxValue));
        await both.Compare($"Seed {seed}, at the end", u => u.FactsByEntity());
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 24)];

    // Of two that want one value at once either may get it.
    private static AppendRequest WithoutClaims(AppendRequest append) => append with { Take = null, Release = null };

    /// <summary>The two journals, new and empty, with the same partitions.</summary>
    private sealed class Both(CommerceDatabases databases, InMemoryStore memory, FakeClock clock) : IAsyncDisposable
    {
        private readonly Under _postgres = Under.Postgres(databases.Journal(PostgresStore.Capability.Name));
        private readonly Under _memory = Under.Memory(memory);

        public static async Task<Both> Open()
        {
            var clock = new FakeClock();
            var server = await TestPostgres.ConnectionString();
            var databases = await CommerceDatabases.Open(
                server, TestPostgres.NewPrefix(), [PostgresStore.Capability], new JournalOptions { Partitions = 3 });
            var journal = databases.Journal(PostgresStore.Capability.Name);
            return new Both(databases, new InMemoryStore(PostgresStore.Capability, clock, journal.Partitions, journal.PartitionOf), clock);
        }

        public async Task Compare(string what, Func<Under, Task<string>> ask)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1)); // as the other one's does by itself
            var (postgres, memory) = (await ask(_postgres), await ask(_memory));
            Assert.True(postgres == memory, $"{what}\n\nPostgreSQL says:\n{postgres}\n\nmemory says:\n{memory}");
        }

        public ValueTask DisposeAsync() => databases.DisposeAsync();
    }
}
