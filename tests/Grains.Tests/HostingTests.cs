using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Grains.Tests.Trial;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>How silos host entities, beyond what every engine promises.</summary>
public sealed class HostingTests(SharedCluster cluster) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task An_entity_lives_where_its_partition_is_read_and_a_silo_passes_objects_uncopied()
    {
        var kind = FlakyCapability.Definition.Kinds.Single(k => k.Contract == typeof(IFlaky)).Name;
        var log = cluster.Stores.Single(s => s.Capability == FlakyCapability.Definition).Log;
        var handedOver = new List<(int Partition, bool Same)>();
        foreach (var key in Enumerable.Range(0, 60).Select(n => $"mirror-{n}"))
        {
            var view = new FlakyView(1);
            var answer = await cluster.Run.FirstSilo().Get<IFlaky>(key).Reflect(view, cluster.NewCall());
            Assert.Equal(view, answer.Value);
            handedOver.Add((log.PartitionOf(new EntityId(kind, key)), ReferenceEquals(view, answer.Value)));
            Assert.NotSame(view, (await cluster.Entities.Get<IFlaky>(key).Reflect(view, cluster.NewCall())).Value);
        }

        Assert.All(handedOver.GroupBy(h => h.Partition), ofOne => Assert.Single(ofOne.Select(h => h.Same).Distinct()));
        Assert.Equal(log.Partitions / 2, handedOver.Where(h => h.Same).Select(h => h.Partition).Distinct().Count()); // of two silos
    }

    [Fact]
    public async Task A_look_that_waits_lets_no_two_calls_run_at_once()
    {
        var counter = cluster.Entities.Get<ICounter>("watched");
        var waiting = counter.WhenAtLeast(2, cluster.Clock.Now.AddMinutes(20));
        await counter.Get();
        var first = counter.AddBehind("watched-1", 1, cluster.NewCall("watched-1"));
        await cluster.Clock.Until(() => Task.FromResult(cluster.World.Log.Contains("begin watched-1")), "the first has begun");
        var second = counter.AddBehind("watched-2", 1, cluster.NewCall("watched-2"));
        for (var n = 0; n < 5; n++) await counter.Get();
        Assert.DoesNotContain("begin watched-2", cluster.World.Log);
        cluster.World.Open("watched-1");
        cluster.World.Open("watched-2");
        await Task.WhenAll(first, second);
        Assert.Equal(2, (await waiting).Value);
    }

    [Fact]
    public async Task A_wait_far_longer_than_a_request_ends_when_what_it_waits_for_has_come()
    {
        var counter = cluster.Entities.Get<ICounter>("patient");
        var waiting = counter.WhenAtLeast(1, cluster.Clock.Now.AddMinutes(20));
        var later = cluster.Clock.Now.AddMinutes(1);
        await cluster.Clock.Until(() => Task.FromResult(cluster.Clock.Now >= later), "a minute passes");
        Assert.False(waiting.IsCompleted);
        await counter.Add(1, cluster.NewCall());
        await cluster.Clock.Until(() => Task.FromResult(waiting.IsCompleted), "it ends");
        Assert.Equal(1, (await waiting).Value);
    }

    [Fact]
    public async Task A_wait_in_vain_ends_at_its_deadline()
    {
        var deadline = cluster.Clock.Now.AddSeconds(40);
        var waiting = cluster.Entities.Get<ICounter>("vain").WhenAtLeast(1, deadline);
        await cluster.Clock.Until(() => Task.FromResult(waiting.IsCompleted), "it ends");
        Assert.Equal(0, (await waiting).Value);
        Assert.True(cluster.Clock.Now >= deadline);
    }

    [Fact]
    public async Task An_idle_entity_leaves_memory_and_one_whose_process_works_stays()
    {
        await cluster.Entities.Get<ICounter>("idle").Add(1, cluster.NewCall());
        await cluster.Entities.Get<IErrand>("busy").Begin(["gate-busy"], cluster.NewCall());
        await Gone("counter", "idle");
        Assert.True(cluster.Run.Cluster.TryGetGrainContext(new EntityId("errand", "busy").ToGrain(), out _));
        cluster.World.Open("gate-busy");
        await Gone("errand", "busy");
        Assert.Equal(["gate-busy"], (await cluster.Entities.Get<IErrand>("busy").Get()).Visited);
        Assert.Single(cluster.World.Log, e => e == "visit gate-busy");
    }

    [Fact]
    public async Task A_silo_hosts_only_its_capabilities_and_the_cluster_finds_the_others()
    {
        var clock = new FakeClock();
        Capability[] all = [.. TrialCapabilities.All, FlakyCapability.Definition];
        await using var run = await ClusterRun.Start(
            [.. InMemoryStore.For(all, clock).Select(s => s.Store)], new EngineOptions { Clock = clock }, new World(), 2,
            (silo, stores) => [.. stores.Where(s => s.Capability.Name == "Counting" == (silo == 0))]);
        foreach (var entities in run.Silos().Append(run.Entities))
        {
            Assert.Equal(0, (await entities.Get<ICounter>("c").Get()).Value);
            Assert.Empty(await entities.Get<IWatcher>("w").Get());
            Assert.True((await entities.Get<IFlaky>("f").Look("", 0)).Times > 0);
        }

        var hosts = run.Cluster.Silos.Select(s => run.Cluster.GetSiloServiceProvider(s.SiloAddress)
            .GetRequiredService<IOptions<GrainTypeOptions>>().Value.Classes.Select(c => c.Name).ToHashSet()).ToArray();
        Assert.Single(hosts, classes => classes.Contains(nameof(CounterGrain)) && classes.Contains(nameof(CountingAlarms)));
        Assert.Single(hosts, classes => classes.Contains(nameof(WatcherGrain)) && classes.Contains(nameof(WatchingAlarms)));
        Assert.All(hosts, classes => Assert.DoesNotContain("OrderGrain", classes));
        Assert.All(hosts, classes => Assert.DoesNotContain("OrdersAlarms", classes));
    }

    [Fact]
    public void An_entity_without_a_contract_in_the_cluster_or_without_a_key_cannot_be_had()
    {
        Assert.Throws<InvalidOperationException>(() => cluster.Entities.Get<Orders.IOrder>("o"));
        Assert.Throws<ArgumentException>(() => cluster.Entities.Get<ICounter>(""));
    }

    private async Task Gone(string kind, string key)
    {
        var grain = new EntityId(kind, key).ToGrain();
        for (var tries = 0; cluster.Run.Cluster.TryGetGrainContext(grain, out _); tries++)
        {
            Assert.True(tries < 300, $"{kind}/{key} is still in memory");
            await Task.Delay(100);
        }
    }
}
