using Commerce.Engine;
using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Kernel;
using Commerce.Orders;
using Xunit;

namespace Commerce.ReadModels.Tests;

public sealed class FollowingTests : IAsyncLifetime
{
    private readonly Shop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task The_lag_is_what_was_committed_and_not_looked_at_yet()
    {
        await Receive(3);
        await using (var idle = new ReadModelService([StockModel.Instance], Source, (_, _) => { }))
            Assert.Equal([Stock(ReadModelState.Building, 3)], await idle.Status());

        await using (var following = _shop.Follow(StockModel.Instance))
        {
            await following.WaitUntilCaughtUp();
            Assert.Equal([Stock(ReadModelState.Following, 0)], await following.Status());
        }

        await Receive(2);
        await using var again = new ReadModelService([StockModel.Instance], Source, (_, _) => { });
        Assert.Equal([Stock(ReadModelState.Following, 2)], await again.Status());

        static ReadModelStatus Stock(ReadModelState state, long lag) =>
            new("Inventory", "stock", StockModel.Instance.Version, state, lag, null);
    }

    [Fact]
    public async Task Facts_of_no_interest_are_passed_by_and_leave_no_lag()
    {
        await using var following = _shop.Follow(SalesModel.Instance);
        await _shop.Happened(
            "order", "ord_1", new OrderHeld(OrderStatus.Held, "pay_1"), new OrderWaiting(OrderStatus.Held, "The provider is away"));
        await following.WaitUntilCaughtUp();
        Assert.Equal(0, (await following.Status()).Single().Lag);
    }

    [Fact]
    public async Task A_read_model_that_fails_says_why_harms_no_other_and_goes_on_by_itself()
    {
        var (broken, reports) = (new Counting(1) { Broken = true }, new List<string>());
        await using var following = new ReadModelService([broken, StockModel.Instance], Source, (model, problem) =>
        {
            lock (reports) reports.Add($"{model.Name}: {problem.Message}");
        });
        await Receive(2);
        following.Start();
        while ((await following.Status()).Any(s =>
            s is { Name: "counting", Problem: null } or { Name: "stock", State: not ReadModelState.Following }))
            await Task.Delay(10);

        var status = await following.Status();
        Assert.Equal((ReadModelState.Building, 2L, "It is broken."), (status[0].State, status[0].Lag, status[0].Problem));
        Assert.Equal((0L, null), (status[1].Lag, status[1].Problem));
        Assert.Contains("counting: It is broken.", reports);

        broken.Broken = false;
        await following.WaitUntilCaughtUp();
        while ((await following.Status())[0].Problem is not null) await Task.Delay(10); // the status follows a moment after the rows
        Assert.Contains("(stock-received/1,2)", await _shop.Dump(broken));
    }

    [Fact]
    public async Task A_new_version_is_built_from_the_whole_journal_and_replaces_the_old_one()
    {
        await Receive(4);
        await using (var one = _shop.Follow(new Counting(9))) await one.WaitUntilCaughtUp();
        await using (var two = _shop.Follow(new Counting(10))) await two.WaitUntilCaughtUp();
        Assert.Contains("(stock-received/1,40)", await _shop.Dump(new Counting(10)));

        await using var schemas = _shop.Database("Inventory").CreateCommand(
            "select string_agg(nspname, ',' order by nspname) from pg_namespace where nspname like 'read\\_%'");
        Assert.Equal("read_counting_v10", await schemas.ExecuteScalarAsync());
    }

    [Fact]
    public async Task An_interrupted_building_goes_on_where_it_was()
    {
        await Receive(40);
        var counting = new Counting(1) { MostTurns = 2, Batch = 8 };
        await using (var stopped = new ReadModelService([counting], Source, (_, _) => { }))
        {
            stopped.Start();
            while (counting.Turns <= counting.MostTurns) await Task.Delay(5);
        }

        counting.MostTurns = int.MaxValue;
        await using (var again = _shop.Follow(counting)) await again.WaitUntilCaughtUp();
        Assert.Equal(40, counting.FactsTaken);
        Assert.Contains("(stock-received/1,40)", await _shop.Dump(counting));
    }

    [Fact]
    public async Task Pages_neither_repeat_nor_hide_an_order_when_others_are_placed_meanwhile()
    {
        await using var following = _shop.Follow(OrderModel.Instance);
        for (var i = 10; i < 30; i++) await Placed($"ord_{i}", Shop.Day1.AddMinutes(i / 3));
        await following.WaitUntilCaughtUp();

        var (orders, seen) = (new OrderQueries(_shop.Database("Orders"), _shop.Databases.Personal("Orders")), new List<string>());
        for (string? cursor = null; ;)
        {
            var page = await orders.List(new OrderFilter(), Reach.Everything, new PageRequest(3, cursor), default);
            seen.AddRange(page.Items.Select(o => o.Id));
            if ((cursor = page.Next) is null) break;
            await Placed($"ord_new_{seen.Count}", Shop.Day1.AddDays(1));
            await Placed($"ord_old_{seen.Count}", Shop.Day1.AddDays(-seen.Count));
            await following.WaitUntilCaughtUp();
        }

        Assert.Equal(
            Enumerable.Range(10, 20).Reverse().Select(i => $"ord_{i}"), seen.Where(id => !id.Contains("_new_") && !id.Contains("_old_")));
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.DoesNotContain(seen, id => id.Contains("_new_"));
    }

    private (IFactLog, Npgsql.NpgsqlDataSource, PersonalData) Source(string capability) =>
        (_shop.Databases.Journal(capability), _shop.Database(capability), _shop.Databases.Personal(capability));

    private async Task Receive(int times)
    {
        for (var i = 0; i < times; i++) await _shop.Happened("stock", $"SKU {i}", new StockReceived(1, null, Shop.Day1));
    }

    private Task Placed(string id, DateTimeOffset at) => _shop.Happened(
        "order", id, new OrderPlaced(OrderStatus.Placed, null, null, new Money(1, "GBP"), [], null, null, null, null, at, at));

    /// <summary>Counts facts by type; from version 10 on, ten for each.</summary>
    private sealed class Counting(int version) : ReadModel(InventoryCapability.Definition, "counting", version, typeof(StockFact))
    {
        private readonly int _each = version < 10 ? 1 : 10;

        public bool Broken { get; set; }

        public int Batch { get; init; } = 1000;

        public int MostTurns { get; set; } = int.MaxValue;

        public int Turns { get; private set; }

        /// <summary>Facts of all turns that were not refused.</summary>
        public int FactsTaken { get; private set; }

        public override int BatchSize => Batch;

        public override string Tables => "create table counts (type text primary key, facts bigint not null)";

        public override Task Apply(ProjectionBatch batch)
        {
            if (Broken) throw new InvalidOperationException("It is broken.");
            if (++Turns > MostTurns) throw new InvalidOperationException("Stopped here.");
            FactsTaken += batch.Facts.Count;
            var counts = batch.Facts.GroupBy(f => f.Recorded.Fact.Type).ToList();
            batch.Write(
                $"""
                insert into {batch.Schema}.counts select * from unnest($1, $2)
                on conflict (type) do update set facts = counts.facts + excluded.facts
                """,
                counts.Select(c => c.Key).ToArray(),
                counts.Select(c => (long)c.Count() * _each).ToArray());
            return Task.CompletedTask;
        }
    }
}
