using Commerce.Engine;
using Commerce.Journal;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>What the streams of the journal promise, over any journal.</summary>
public abstract class FlowContract : IAsyncLifetime
{
    private const string Quick = "quick-from-ticking";
    private const string Slow = "slow-from-ticking";

    private readonly List<FlowCluster> _clusters = [];

    protected FlowWorld World { get; } = new();

    protected abstract IReadOnlyList<CapabilityStore> Stores { get; }

    private CapabilityStore Ticking => Stores.Single(s => s.Capability == World.Ticking);

    private CapabilityStore Reacting => Stores.Single(s => s.Capability == World.Reacting);

    private Ticker Tickers => field ??= new Ticker(Ticking);

    public abstract ValueTask InitializeAsync();

    public virtual async ValueTask DisposeAsync()
    {
        World.Open(Quick);
        World.Open(Slow);
        foreach (var cluster in _clusters) await cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_fact_reaches_each_reaction_once_and_in_order_and_the_lag_comes_to_nothing()
    {
        await Tickers.TickAll(5, 4); // before there is any follower
        var cluster = await Run();
        await Tickers.TickAll(5, 40);
        await Tickers.Tick("t0", 3, new Tocked());
        await UntilHandled(Quick);
        await UntilHandled(Slow);
        AssertOnceInOrder(Quick);
        AssertOnceInOrder(Slow);
        await UntilNoLag();
        Assert.Empty(cluster.Reports);
    }

    [Fact]
    public async Task After_a_silo_was_killed_reactions_go_on_elsewhere_from_their_checkpoints()
    {
        var cluster = await Run(silos: 2);
        await Tickers.TickAll(6, 20);
        await UntilHandled(Quick);
        var writing = Tickers.TickAll(6, 60);
        await cluster.Kill(cluster.Silos[1]);
        await writing;
        await UntilHandled(Quick);
        await UntilHandled(Slow);
        AssertInOrder(Quick);
        AssertInOrder(Slow);
        await UntilNoLag();
    }

    [Fact]
    public async Task After_a_graceful_stop_nothing_handled_comes_again()
    {
        var first = await Run();
        await Tickers.TickAll(4, 25);
        await Tickers.Tick("t1", 5, new Tocked());
        await UntilHandled(Quick);
        await UntilHandled(Slow);
        await End(first);
        var before = World.Log.Count;
        await Run();
        await Tickers.Tick("t1");
        await UntilHandled(Quick);
        await UntilHandled(Slow);
        Assert.Equal(before + 2, World.Log.Count);
    }

    [Fact]
    public async Task A_slow_reaction_delays_no_other_and_catches_up_from_far_behind()
    {
        await Run();
        World.Close(Slow);
        for (var n = 0; n < 4; n++) await Tickers.TickAll(64, 40); // more than any window holds
        await UntilHandled(Quick);
        Assert.Empty(World.HandledBy(Slow));
        World.Open(Slow);
        await UntilHandled(Slow);
        AssertOnceInOrder(Slow);
        await UntilNoLag();
    }

    [Fact]
    public async Task A_failing_fact_is_retried_then_parked_and_an_operator_can_send_it_again()
    {
        var cluster = await Run();
        var broken = true;
        var failures = 0;
        World.Fail(Quick, "poison", () => broken ? new InvalidOperationException("It is broken.") : null);
        World.Fail(Quick, "flaky", () => ++failures <= 2 ? new InvalidOperationException("Not yet.") : null);
        World.Fail(Quick, "away", () => ++failures <= 8 ? new UnavailableException("It is away.", TimeSpan.FromSeconds(1)) : null);
        foreach (var key in new[] { "poison", "flaky", "away", "fine" }) await Tickers.Tick(key, 1);
        await FlowCluster.Until(() => World.HandledBy(Quick).Count == 3, "all but the poison are handled");
        var subscriptions = Subscriptions();
        await FlowCluster.Until(async () => (await subscriptions.Parked(default)).Count == 1, "it is set aside");
        var parked = (await subscriptions.Parked(default))[0];
        Assert.Equal(("poison", Quick), (parked.Fact.Entity.Key, parked.Subscription));
        Assert.Equal(new RetriedFact("It is broken."), await Retry());
        broken = false;
        Assert.Equal(new RetriedFact(Failure: null), await Retry());
        Assert.Null(await Retry());
        Assert.Empty(await subscriptions.Parked(default));
        Assert.Equal(4, World.HandledBy(Quick).Count);
        await UntilNoLag();

        Task<RetriedFact?> Retry()
        {
            var silo = cluster.Silos[0].SiloAddress;
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            return cluster.Grains.GetGrain<IParkedFactsGrain>(silo.ToParsableString())
                .Retry(Quick, parked.Fact.Partition, parked.Fact.Position);
        }
    }

    [Fact]
    public async Task A_projection_started_from_nothing_during_writes_sees_everything_in_order()
    {
        var cluster = await Run(silos: 2);
        await Tickers.TickAll(20, 50);
        var projections = Enumerable.Range(0, Ticking.Log.Partitions)
            .Select(p => cluster.Grains.GetGrain<IProjectionGrain>($"p{p}")).ToArray();
        var writing = Tickers.TickAll(20, 150);
        for (var p = 0; p < projections.Length; p++) await projections[p].Follow("Ticking", p, 0, TimeSpan.Zero);
        await writing;
        await AssertProjected(projections);
        for (var p = 0; p < projections.Length; p++) await projections[p].Follow("Ticking", p, 0, TimeSpan.Zero); // and once more
        await AssertProjected(projections);
    }

    protected async Task<FlowCluster> Run(int silos = 1, Func<int, IReadOnlyList<string>>? hosts = null)
    {
        var cluster = await FlowCluster.Start(Stores, World, silos, hosts);
        _clusters.Add(cluster);
        return cluster;
    }

    protected async Task End(FlowCluster cluster)
    {
        _clusters.Remove(cluster);
        await cluster.DisposeAsync();
    }

    protected async Task UntilHandled(string reaction)
    {
        var wanted = (await Tickers.Written()).SelectMany(p => p).Where(f => f.Fact.Type == "ticked/1")
            .Select(f => (f.Partition, f.Position)).ToHashSet();
        await FlowCluster.Until(
            () => wanted.IsSubsetOf(World.HandledBy(reaction).Select(f => (f.Partition, f.Position))), $"{reaction} has handled all");
    }

    protected async Task UntilNoLag()
    {
        var subscriptions = Subscriptions();
        await FlowCluster.Until(async () => (await subscriptions.Lag(default)).All(l => l.Facts == 0), "nothing lags");
    }

    private SubscriptionMonitor Subscriptions() => new(Stores);

    private async Task AssertProjected(IProjectionGrain[] projections)
    {
        var written = await Tickers.Written();
        for (var p = 0; p < projections.Length; p++)
        {
            var projection = projections[p];
            var positions = written[p].Select(f => f.Position).ToArray();
            await FlowCluster.Until(async () => (await projection.Seen()).LastOrDefault() == positions.Length, $"{p} is projected");
            Assert.Equal(positions, (await projection.Seen()).Distinct());
            var state = written[p].GroupBy(f => f.Entity.Key).ToDictionary(g => g.Key, g => g.Max(f => f.Version));
            Assert.Equal(state.OrderBy(s => s.Key), (await projection.Versions()).OrderBy(s => s.Key));
        }
    }

    private void AssertOnceInOrder(string reaction)
    {
        foreach (var ofOne in World.HandledBy(reaction).GroupBy(f => f.Entity))
            Assert.Equal(ofOne.Select(f => f.Version).Order().Distinct(), ofOne.Select(f => f.Version));
    }

    // A batch may be handled twice when its silo died before the checkpoint; then it is all of it again, in order.
    private void AssertInOrder(string reaction)
    {
        foreach (var ofOne in World.HandledBy(reaction).GroupBy(f => f.Entity))
        {
            var versions = ofOne.Select(f => f.Version).ToArray();
            var next = 1L;
            foreach (var version in versions)
            {
                Assert.True(version <= next, $"{ofOne.Key}: {version} came before {next}.");
                next = Math.Max(next, version + 1);
            }
        }
    }
}

/// <summary>On journals in memory.</summary>
public sealed class FlowInMemory : FlowContract
{
    private readonly List<CapabilityStore> _stores = [];

    protected override IReadOnlyList<CapabilityStore> Stores => _stores;

    public override ValueTask InitializeAsync()
    {
        _stores.AddRange(InMemoryStore.For(World.All, TimeProvider.System).Select(s => s.Store));
        return ValueTask.CompletedTask;
    }
}

/// <summary>On a real PostgreSQL.</summary>
public sealed class FlowOnPostgres : FlowContract
{
    private CommerceDatabases? _databases;

    protected override IReadOnlyList<CapabilityStore> Stores => _databases!.Stores;

    public override async ValueTask InitializeAsync() => _databases = await CommerceDatabases.Open(
        await TestPostgres.ConnectionString(), TestPostgres.NewPrefix(), World.All,
        new JournalOptions { Partitions = 2, Keys = TestKeys.Of });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _databases!.DisposeAsync();
    }
}
