using Commerce.Engine;
using Commerce.Engine.Contract;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.GrainDirectory;
using Orleans.Runtime;
using Xunit;

namespace Commerce.Grains.Tests;

/// <summary>Where entities are while silos come and go (decision 17).</summary>
public sealed class PlacesTests
{
    private static readonly GrainId[] Counters = [.. Enumerable.Range(0, 24).Select(n => new EntityId("counter", $"c-{n}").ToGrain())];

    [Fact]
    public async Task Entities_move_to_a_silo_that_joins_and_keep_what_they_know()
    {
        var clock = new FakeClock();
        await using var run = await Start(clock, silos: 1);
        foreach (var counter in Counters) await Add(run.Entities, counter, "before", clock);
        await run.Cluster.StartAdditionalSiloAsync();
        await FlowCluster.Until(
            () => Places(run).Values.Distinct().Count() == 2 && run.Cluster.Silos.All(s => AtHome(run, s.SiloAddress)), "they have moved");
        foreach (var entities in run.Silos().Append(run.Entities))
            foreach (var counter in Counters)
                Assert.Equal(1, (await entities.Get<ICounter>(counter.Key.ToString()!).Get()).Value);
        Assert.All(run.Cluster.Silos, s => Assert.True(AtHome(run, s.SiloAddress))); // called by any silo, they came up at their owner's
        Assert.All(Counters, c => Assert.Single(run.Cluster.Silos, s => IsAt(run, s.SiloAddress, c)));
    }

    [Fact]
    public async Task Entities_of_a_silo_that_leaves_are_found_at_the_others()
    {
        var clock = new FakeClock();
        await using var run = await Start(clock, silos: 2);
        foreach (var counter in Counters) await Add(run.Entities, counter, "before", clock);
        Assert.Equal(2, Places(run).Values.Distinct().Count());
        await run.Cluster.StopSiloAsync(run.Cluster.Silos[1]);
        foreach (var counter in Counters) Assert.Equal(2, await Add(run.Entities, counter, "after", clock));
        Assert.Single(Places(run).Values.Distinct());
    }

    [Fact]
    public async Task The_directory_lets_an_entity_in_at_its_owner_only()
    {
        await using var run = await Start(new FakeClock(), silos: 2);
        var directories = run.Cluster.Silos.Select(s => (
            s.SiloAddress, Directory: Services(run, s.SiloAddress).GetRequiredKeyedService<IGrainDirectory>(PartitionDirectory.Name)))
            .ToList();
        foreach (var counter in Counters)
        {
            var owner = Places(run)[counter];
            foreach (var (silo, directory) in directories)
            {
                var asked = new GrainAddress { GrainId = counter, SiloAddress = silo, ActivationId = ActivationId.NewId() };
                var answer = await directory.Register(asked);
                Assert.Equal(owner, answer!.SiloAddress);
                Assert.Equal(silo.Equals(owner), asked.Matches(answer));
                Assert.Null(await directory.Lookup(counter));
            }
        }
    }

    private static Task<ClusterRun> Start(FakeClock clock, short silos) => ClusterRun.Start(
        [.. InMemoryStore.For(TrialCapabilities.All, clock).Select(s => s.Store)], new EngineOptions { Clock = clock }, new World(), silos,
        (_, stores) => stores);

    private static async Task<long> Add(IEntities entities, GrainId counter, string operation, FakeClock clock)
    {
        var call = new CallContext($"{operation}-{counter}", new Caller("tester", [], Reach.Everything), clock.Now.AddMinutes(30));
        return (await entities.Get<ICounter>(counter.Key.ToString()!).Add(1, call)).Value!.Value;
    }

    private static Dictionary<GrainId, SiloAddress> Places(ClusterRun run) =>
        Counters.ToDictionary(c => c, c => Owners(run, run.Cluster.Silos[0].SiloAddress).Of(c)!);

    // Nothing is in its memory that belongs elsewhere, as it and all others see it.
    private static bool AtHome(ClusterRun run, SiloAddress silo) =>
        Counters.All(c => !IsAt(run, silo, c) || run.Cluster.Silos.All(s => Owners(run, s.SiloAddress).Of(c)!.Equals(silo)));

    private static bool IsAt(ClusterRun run, SiloAddress silo, GrainId grain) =>
        Services(run, silo).GetRequiredService<EntityHost>().Has(grain);

    private static PartitionOwners Owners(ClusterRun run, SiloAddress silo) =>
        Services(run, silo).GetRequiredService<PartitionOwners>();

    private static IServiceProvider Services(ClusterRun run, SiloAddress silo) => run.Cluster.GetSiloServiceProvider(silo);
}
