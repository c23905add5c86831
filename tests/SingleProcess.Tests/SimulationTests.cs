using Commerce.Engine.Contract;
using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Simulation;
using Commerce.Testing;
using Xunit;

namespace Commerce.SingleProcess.Tests;

/// <summary>The whole engine on one thread and one clock, in an order drawn from a seed, with crashes and lost answers.</summary>
public sealed class SimulationTests
{
    private const int Errands = 12;

    [Fact]
    public void A_seed_replays_the_same_history_and_another_seed_another()
    {
        Assert.Equal(Simulate(1), Simulate(1));
        Assert.NotEqual(Simulate(1), Simulate(2));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_the_order_every_errand_is_done_and_every_visit_counts_once(int seed)
    {
        var history = Simulate(seed);
        Assert.Equal(Errands, history.Count(h => h.EndsWith("set-out/1", StringComparison.Ordinal)));
        foreach (var fact in new[] { "visited/1", "added/1", "seen/1" })
            Assert.Equal((fact, 3 * Errands), (fact, history.Count(h => h.EndsWith(fact, StringComparison.Ordinal))));
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 25)];

    private static IReadOnlyList<string> Simulate(int seed)
    {
        var (clock, random) = (new VirtualClock(), new Random(seed));
        var thread = new DeterministicScheduler(new SeededRandom((ulong)seed, "order of turns"));
        var lane = new DeterministicScheduler.Lane(thread);
        var stores = InMemoryStore.For(TrialCapabilities.All, clock.World);
        var options = new SingleProcessOptions { Clock = clock.World, Scheduler = lane, Random = random };
        for (var fault = 0; fault < 12; fault++)
        {
            if (random.Next(2) == 0) stores[0].LoseNext(after: fault * 8);
            else stores[0].CommitNextAndLoseAnswer(after: fault * 8);
        }

        var story = lane.Start(() => Story(stores, options, clock, random));
        thread.Run(() => story.IsCompleted, clock.Step);
        story.GetAwaiter().GetResult();
        return [.. stores.SelectMany(s => Enumerable.Range(0, s.Partitions).SelectMany(p => Facts(s, p)))];
    }

    private static async Task Story(IReadOnlyList<InMemoryStore> stores, SingleProcessOptions options, VirtualClock clock, Random random)
    {
        var begun = new HashSet<int>();
        for (var life = 0; ; life++)
        {
            var services = new TestServices().With(new Engine.Contract.World());
            var engine = new SingleProcessEngine([.. stores.Select(s => s.Store)], services, options);
            engine.Start();
            for (var n = 0; n < Errands; n++) if (!begun.Contains(n)) _ = Begin(engine, n);
            if (life == 4) await Done(engine);
            else await Task.Delay(TimeSpan.FromMilliseconds(random.Next(3000)), clock.World);
            await engine.DisposeAsync();
            if (life == 4) return;
        }

        async Task Begin(SingleProcessEngine engine, int n)
        {
            var call = new CallContext("begin", Caller.System, clock.Now.AddMinutes(1));
            try
            {
                if ((await engine.Get<IErrand>($"e{n}").Begin(["a", $"b{n % 3}", $"c{n}"], call)).Accepted) begun.Add(n);
            }
            catch (UnavailableException)
            {
                // The engine went down, or the answer was lost twice: the next life retries.
            }
        }

        async Task Done(SingleProcessEngine engine)
        {
            for (var n = 0; n < Errands; n++)
            {
                while (!begun.Contains(n)) await Begin(engine, n);
                while ((await engine.Get<IErrand>($"e{n}").WhenDone(clock.Now.AddMinutes(1))).Visited.Count < 3) { }
            }

            while ((await engine.Lag(default)).Any(l => l.Facts > 0)) await Task.Delay(TimeSpan.FromSeconds(1), clock.World);
        }
    }

    private static IEnumerable<string> Facts(InMemoryStore store, int partition) =>
        store.Read(partition, 0, int.MaxValue, null, default).Result.Facts
            .Select(r => $"{r.At:O} {r.Partition}:{r.Position} {r.Entity}@{r.Version} {r.Fact.Type}");
}
