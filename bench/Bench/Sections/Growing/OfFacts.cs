using System.Diagnostics;
using Commerce.Inventory;
using Commerce.Journal;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Bench.Sections.Growing;

/// <summary>What it takes to bring one entity into memory whose history is long: the stock of an SKU with many receipts.</summary>
internal static class OfFacts
{
    private const int Few = 10;
    private const int Samples = 200;
    private const int Apart = 13; // five times that is about what lies between two snapshots
    private const double Limit = 2;

    private static readonly Capability Inventory = InventoryCapability.Definition;

    /// <summary>
    /// Measures the entity itself, with its journal, in this process. How far its latest snapshot is back is a matter of luck, so it is
    /// measured at several lengths.
    /// </summary>
    public static async Task<Part> Measure(Turns turns, int many, CancellationToken cancel)
    {
        turns.Bench.Tell($"loading entities with {Few} and with {many:#,0} facts");
        await using var databases = await CommerceDatabases.Open(turns.ConnectionString, "histories", [Inventory], cancel: cancel);
        var journal = databases.Journal(Inventory.Name);
        await Receive(journal, "short", Few);
        await Receive(journal, "long", many);
        List<double> brief = [], lengthy = [];
        for (var step = 0; step < 5; step++)
        {
            await Receive(journal, "long", Apart);
            for (var n = 0; n < Samples; n++)
            {
                cancel.ThrowIfCancellationRequested();
                var (shorter, longer) = (await Load(journal, "short"), await Load(journal, "long"));
                if (step == 0 && n < Samples / 2) continue; // not compiled to the end yet
                brief.Add(shorter);
                lengthy.Add(longer);
            }
        }

        return new Part(
            "An entity with a long history; loading compared with the short one's",
            ["ms", "99th percentile"],
            [
                Goal.Plain($"loaded with {Few} facts", Cells(brief)),
                Goal.AtMost(
                    $"loaded with {many:#,0} facts", Cells(lengthy), Figures.Median(lengthy) / Figures.Median(brief), Limit),
            ],
            []);
    }

    private static IReadOnlyList<string> Cells(List<double> times) =>
        [$"{Figures.Median(times):0.00}", $"{times.Order().ElementAt((int)(0.99 * times.Count)):0.00}"];

    private static IStock Entity(IJournal journal, string sku) => (IStock)new HostedEntity(
        new EntityId("stock", sku), Inventory.Kind("stock")!, new CapabilityStore(Inventory, journal, null!, null!, null!), new Nobody(),
        new NoPorts(), new EngineOptions(), (_, _) => { }).Entity;

    private static async Task<double> Load(IJournal journal, string sku)
    {
        var since = Stopwatch.GetTimestamp();
        if (await Entity(journal, sku).Get() is null) throw new BenchException($"The stock of '{sku}' should be there.");
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }

    /// <summary>Through the entity, whose rule it is when a snapshot is kept; its turns run one at a time, as in an engine.</summary>
    private static async Task Receive(IJournal journal, string sku, int times)
    {
        var (stock, turns) = (Entity(journal, sku), new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        var deadline = DateTimeOffset.UtcNow.AddMinutes(10);
        foreach (var portion in Enumerable.Range(0, times).Chunk(1_000))
        {
            var answers = await Task.WhenAll(portion.Select(_ => Task.Factory.StartNew(
                () => stock.Receive(new ReceiveStock(1), new CallContext(Guid.NewGuid().ToString(), Caller.System, deadline)),
                CancellationToken.None, TaskCreationOptions.None, turns).Unwrap()));
            if (answers.FirstOrDefault(a => !a.Accepted) is { } refused) throw new BenchException($"A receipt: {refused.Refusal}");
        }
    }

    private sealed class Nobody : IEntities
    {
        public TContract Get<TContract>(string key) where TContract : class, IEntity =>
            throw new InvalidOperationException($"Stock needs no other entity, and asked for '{key}'.");
    }

    private sealed class NoPorts : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
