using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class RebuildTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_rebuilt_read_model_is_identical_however_partitions_interleave(int seed)
    {
        var history = new RandomHistory(seed);
        var kept = await Followed(history);

        foreach (var interleaving in new[] { 10 * seed, (10 * seed) + 1 })
        {
            await using var rebuilding = new ReadModelService(ReadModelService.All, Source(interleaving), Fails);
            await rebuilding.Rebuild();
            Assert.Equal(kept, await Dumps());
        }

        await using var plain = _shop.Follow();
        await plain.Rebuild();
        Assert.Equal(kept, await Dumps());
    }

    [Fact]
    public async Task The_list_says_of_every_order_what_the_order_itself_says()
    {
        var history = new RandomHistory(3);
        await Followed(history);
        var listed = await Shop.Walk(7, page => Queries(_shop).List(new OrderFilter(), Reach.Everything, page, default));
        Assert.Equal(
            history.Orders.Select(o => (o.Key, o.Value.Status!.Value, o.Value.CustomerId, o.Value.Total, o.Value.Lines.Count)).Order(),
            listed.Select(o => (o.Id, o.Status, o.CustomerId, o.Total, o.Lines)).Order());
        Assert.True(listed.Select(o => o.Status).Distinct().Count() > 5, "Too few statuses occurred for this test to mean much.");
    }

    [Fact]
    public async Task Each_fact_counts_once_whenever_following_is_stopped_and_begun_again()
    {
        await new RandomHistory(4).Happen(_shop, 600);
        var (random, followings) = (new Random(4), 0);
        for (var caughtUp = false; !caughtUp; followings++)
        {
            await using var following = new ReadModelService(ReadModelService.All, Source(random.Next()), Fails);
            following.Start();
            var stop = new CancellationTokenSource(random.Next(5, 50) * (followings + 1) / 2);
            caughtUp = await CaughtUp(following, stop.Token);
        }

        Assert.True(followings > 1, "It was never stopped in the middle.");
        await AssertRebuildChangesNothing();
    }

    [Fact]
    public async Task Each_fact_counts_once_when_two_processes_follow_and_connections_are_cut()
    {
        await using (var one = _shop.Follow())
        await using (var other = new ReadModelService(ReadModelService.All, Source(5), (_, _) => { }))
        {
            other.Start();
            var history = new RandomHistory(5);
            for (var i = 0; i < 5; i++)
            {
                await history.Happen(_shop, 60);
                foreach (var capability in Capabilities.All) await CutConnections(capability.Name);
            }

            await one.WaitUntilCaughtUp(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
        }

        await AssertRebuildChangesNothing();
    }

    [Fact]
    public async Task The_complete_tables_serve_and_follow_while_others_are_built()
    {
        var history = new RandomHistory(6);
        var before = (await Followed(history), history.Orders.Count);
        await using var following = _shop.Follow();
        await using var rebuilding = new ReadModelService([OrderModel.Instance], Source(6), Fails);
        var seen = new Listed(_shop);
        var rebuild = rebuilding.Rebuild("Orders/orders", seen);
        await history.Happen(_shop, 100);
        await rebuild;

        Assert.NotEmpty(seen.Counts);
        foreach (var count in seen.Counts) Assert.InRange(await count, before.Count, history.Orders.Count);
        await following.WaitUntilCaughtUp();
        await AssertRebuildChangesNothing();
    }

    [Fact]
    public async Task Who_asks_a_list_that_is_not_complete_yet_is_told_so()
    {
        await _shop.Happened("order", "ord_1", new OrderPlaced(
            OrderStatus.Placed, null, null, new Money(0, "GBP"), [], null, null, null, null, Shop.Day1, Shop.Day1));
        var orders = Queries(_shop);
        var problem = await Assert.ThrowsAsync<UnavailableException>(
            () => orders.List(new OrderFilter(), Reach.Everything, new PageRequest(), default));
        Assert.Contains("'orders' is being built", problem.Message);
        var customers = new CustomerQueries(_shop.Database("Customers"), _shop.Databases.Personal("Customers"));
        problem = await Assert.ThrowsAsync<UnavailableException>( // which first asks a function beside the tables
            () => customers.Search("Ada", null, Reach.Everything, new PageRequest(), default));
        Assert.Contains("'customers' is being built", problem.Message);
        await _shop.CatchUp();
        Assert.Single((await orders.List(new OrderFilter(), Reach.Everything, new PageRequest(), default)).Items);
    }

    [Fact]
    public async Task A_rebuild_of_an_unknown_name_says_which_there_are()
    {
        await using var models = _shop.Follow();
        var problem = await Assert.ThrowsAsync<ArgumentException>(() => models.Rebuild("ordres"));
        Assert.Contains("Orders/orders", problem.Message);
    }

    private async Task<Dictionary<string, string>> Followed(RandomHistory history)
    {
        await using var following = _shop.Follow();
        await history.Happen(_shop, 700);
        await following.WaitUntilCaughtUp(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
        return await Dumps();
    }

    private async Task AssertRebuildChangesNothing()
    {
        var kept = await Dumps();
        await using var models = _shop.Follow();
        await models.Rebuild();
        foreach (var (model, rebuilt) in await Dumps()) Assert.Equal((model, rebuilt), (model, kept[model]));
    }

    private async Task<Dictionary<string, string>> Dumps()
    {
        var dumps = new Dictionary<string, string>();
        foreach (var model in ReadModelService.All) dumps[model.Name] = await _shop.Dump(model);
        return dumps;
    }

    private static OrderQueries Queries(Shop shop) => new(shop.Database("Orders"), shop.Databases.Personal("Orders"));

    private Func<string, (IFactLog, Npgsql.NpgsqlDataSource, PersonalData)> Source(int seed) => capability =>
        (new Choppy(_shop.Databases.Journal(capability), seed), _shop.Database(capability), _shop.Databases.Personal(capability));

    private Task CutConnections(string capability) => _shop.Database(capability).ReadWithRetry(async () =>
    {
        await using var cut = _shop.Database(capability).CreateCommand(
            """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()
                and (strpos(query, '_position') > 0 or strpos(query, 'search_path') > 0)
            """);
        return await cut.ExecuteScalarAsync();
    });

    private static void Fails(ReadModel model, Exception problem) => Assert.Fail($"{model.Name}: {problem}");

    private static async Task<bool> CaughtUp(ReadModelService following, CancellationToken cancel)
    {
        try
        {
            await following.WaitUntilCaughtUp(cancel);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Lists all orders whenever the rebuild reports.</summary>
    private sealed class Listed(Shop shop) : IProgress<RebuildProgress>
    {
        public List<Task<int>> Counts { get; } = [];

        public void Report(RebuildProgress value) => Counts.Add(Count());

        private async Task<int> Count() =>
            (await Shop.Walk(50, page => Queries(shop).List(new OrderFilter(), Reach.Everything, page, default))).Count;
    }
}
