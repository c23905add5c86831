using Commerce.Testing;
using Commerce.Engine;
using Commerce.Journal;
using Commerce.Inventory;
using Npgsql;
using Xunit;

namespace Commerce.ReadModels.Tests;

/// <summary>Of several processes one follows a read model, and another takes over when that one is gone.</summary>
public sealed class TakingOverTests : IAsyncLifetime
{
    private readonly Shop _shop = new();
    private int _received;

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task One_of_several_processes_follows_and_another_takes_over_when_it_stops()
    {
        var (first, second) = (new Watched(), new Watched());
        await using var two = await AnotherProcess();
        await using (var following = Follow(_shop.Databases, first))
        {
            await Receive();
            await following.WaitUntilCaughtUp();
            await using var waiting = Follow(two, second);
            for (var round = 0; round < 5; round++)
            {
                await Receive();
                await waiting.WaitUntilCaughtUp(); // it sees what the other one does
            }

            Assert.Equal((6, 0), (first.Taken, second.Taken));
            await following.DisposeAsync();
            await Receive();
            await waiting.WaitUntilCaughtUp();
            Assert.Equal((6, 1), (first.Taken, second.Taken));
        }
    }

    [Fact]
    public async Task One_whose_connection_breaks_notices_and_another_takes_over()
    {
        await using var two = await AnotherProcess();
        await using var first = new AdvisoryLockLeader(_shop.Database("Inventory"));
        await using var second = new AdvisoryLockLeader(two.DataSource("Inventory"));
        Assert.True(await first.Holds("stock", default));
        Assert.True(await first.Holds("other", default));
        Assert.False(await second.Holds("stock", default));
        await using (var kill = two.DataSource("Inventory").CreateCommand(
            """
            select pg_terminate_backend(pid, 10000) from pg_locks
            where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
            """))
            await kill.ExecuteNonQueryAsync();

        Assert.True(await second.Holds("stock", default));
        await Task.Delay(AdvisoryLockLeader.LookEvery);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => first.Holds("stock", default));
        Assert.False(await first.Holds("stock", default));
        Assert.True(await first.Holds("other", default)); // no other process wanted that
    }

    [Fact]
    public async Task A_new_version_is_built_while_another_process_follows_the_old_one()
    {
        await using var two = await AnotherProcess();
        await using var old = Follow(_shop.Databases, new Watched());
        await Receive();
        await old.WaitUntilCaughtUp();
        await using var next = Follow(two, new Watched(2));
        await next.WaitUntilCaughtUp();
        Assert.Equal(ReadModelState.Following, (await next.Status()).Single().State);
    }

    private async Task<CommerceDatabases> AnotherProcess() => await CommerceDatabases.Open(
        _shop.Connection, _shop.Prefix, Capabilities.All, new JournalOptions { Keys = TestKeys.Of });

    private static ReadModelService Follow(CommerceDatabases databases, ReadModel model)
    {
        var following = new ReadModelService(
            [model], c => (databases.Journal(c), databases.DataSource(c), databases.Personal(c)), (_, _) => { });
        following.Start();
        return following;
    }

    private Task Receive() => _shop.Happened("stock", $"SKU {_received++}", new StockReceived(1, null, Shop.Day1));

    /// <summary>Counts what this process takes.</summary>
    private sealed class Watched(int version = 1) : ReadModel(InventoryCapability.Definition, "watched", version, typeof(StockFact))
    {
        public int Taken { get; private set; }

        public override string Tables => "create table seen (entity text)";

        public override Task Apply(ProjectionBatch batch)
        {
            Taken += batch.Facts.Count;
            string[] entities = [.. batch.Facts.Select(f => f.Recorded.Entity.Key)];
            batch.Write($"insert into {batch.Schema}.seen select unnest($1)", [entities]);
            return Task.CompletedTask;
        }
    }
}
