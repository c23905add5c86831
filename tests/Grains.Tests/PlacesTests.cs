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
    public async Task A_reaction_is_where_its_partition_is_read_also_when_that_moves()
    {
        await using var run = await Start(TimeProvider.System, silos: 1);
        var log = Services(run, run.Cluster.Silos[0].SiloAddress).GetRequiredService<HostedCapabilities>().Find("Counting")!.Log;
        var (added, followed) = (0L, Counters.Select(c => log.PartitionOf(c.ToEntity())).Distinct().Count());
        await FlowCluster.Until(async () => await AddToAll() && (await Reactions()).Count == followed, "there is one for each partition");
        await run.Cluster.StartAdditionalSiloAsync();
        await FlowCluster.Until(
            async () => await AddToAll()
                && await Reactions() is var all && all.Count == followed && all.Select(r => r.SiloAddress).Distinct().Count() == 2
                && all.All(r => run.Cluster.Silos.All(s => r.SiloAddress.Equals(Owners(run, s.SiloAddress).Of(r.GrainId)))),
            "half of them have moved");
        foreach (var counter in Counters)
            await FlowCluster.Until(
                async () => (await run.Entities.Get<IWatcher>(counter.Key.ToString()!).Get()).Count == added, "it has seen all");

        async Task<bool> AddToAll()
        {
            foreach (var counter in Counters) await Add(run.Entities, counter, $"{added}", TimeProvider.System);
            return ++added > 0;
        }

        async Task<IReadOnlyList<DetailedGrainStatistic>> Reactions() =>
        [
            .. (await run.Cluster.Client.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics())
                .Where(g => g.GrainId.Type.ToString() == TrialCapabilities.Subscription),
        ];
    }

    [Fact]
    public async Task A_read_knows_every_answer_given_before_while_silos_come_and_go()
    {
        await using var run = await Start(TimeProvider.System, silos: 2, (silo, services) =>
        {
            if (silo == 0) LateMembership.Decorate(services, by: TimeSpan.FromMilliseconds(300));
        });
        var late = run.FirstSilo();
        var other = run.Silos().Last();
        var passes = new long[Counters.Length];
        using var over = new CancellationTokenSource();
        var reading = Task.WhenAll(Enumerable.Range(0, Counters.Length).Select(AddAndRead));
        for (var round = 0; round < 5 && !over.IsCancellationRequested; round++)
        {
            var joined = await run.Cluster.StartAdditionalSiloAsync();
            other = run.Silos().Last(); // a new caller remembers no places
            await Task.Delay(400);
            other = run.Silos().ElementAt(1);
            var before = passes.ToArray();
            await FlowCluster.Until(
                () => over.IsCancellationRequested || passes.Zip(before).All(p => p.First > p.Second + 1), "its calls are over");
            await run.Cluster.StopSiloAsync(joined);
        }

        over.Cancel();
        await reading;

        async Task AddAndRead(int index)
        {
            await Task.Yield();
            for (; !over.IsCancellationRequested; passes[index]++)
            {
                var (counter, now) = (Counters[index], other);
                var (adds, reads) = passes[index] % 2 == 0 ? (late, now) : (now, late);
                var added = await Add(adds, counter, $"{passes[index]}", TimeProvider.System);
                var read = await reads.Get<ICounter>(counter.Key.ToString()!).Get();
                if (read.Value >= added) continue;
                over.Cancel();
                Assert.Fail($"{counter}: {added} was answered, and then {read.Value} was read; {Views(run, counter)}");
            }
        }
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

    // How each silo sees the cluster, to look into a failure.
    private static string Views(ClusterRun run, GrainId counter) => string.Join("; ", run.Cluster.Silos.Select(s =>
    {
        var (services, owners) = (Services(run, s.SiloAddress), Owners(run, s.SiloAddress));
        var handover = services.GetRequiredService<PartitionHandover>();
        return $"{s.SiloAddress} at {owners.Version}: it is {owners.Of(counter)}'s, complete {owners.IsComplete}, "
            + $"reads {handover.MustRead(counter)}, has it {IsAt(run, s.SiloAddress, counter)}";
    }));

    private static Task<ClusterRun> Start(
        TimeProvider clock, short silos, Action<int, IServiceCollection>? services = null) => ClusterRun.Start(
        [.. InMemoryStore.For(TrialCapabilities.All, clock).Select(s => s.Store)], new EngineOptions { Clock = clock }, new World(), silos,
        (_, stores) => stores, services);

    private static async Task<long> Add(IEntities entities, GrainId counter, string operation, TimeProvider clock)
    {
        var call = new CallContext($"{operation}-{counter}", new Caller("tester", [], Reach.Everything), clock.GetUtcNow().AddMinutes(30));
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
