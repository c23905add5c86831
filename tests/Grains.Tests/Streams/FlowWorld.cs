using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Tests;

/// <summary>A fact to follow: something was counted.</summary>
public sealed record Ticked(int Number);

/// <summary>A fact that no reaction wants.</summary>
public sealed record Tocked;

/// <summary>
/// Two capabilities whose facts are written without entities, one that ticks and one that reacts to it, and what the reactions do: they
/// keep a log, wait at gates and fail on request.
/// </summary>
public sealed class FlowWorld
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private readonly ConcurrentDictionary<string, Func<Exception?>> _failures = new();

    public FlowWorld()
    {
        Ticking = new Capability("Ticking", [Kind("ticker")], new FactCatalog().Add<Ticked>("ticked").Add<Tocked>("tocked"), []);
        Reacting = new Capability(
            "Reacting", [Kind("reactor")], new FactCatalog(), [Follow("quick-from-ticking"), Follow("slow-from-ticking")]);
    }

    public Capability Ticking { get; }

    public Capability Reacting { get; }

    public IReadOnlyList<Capability> All => [Ticking, Reacting];

    /// <summary>Which reaction handled which fact, in the order it happened.</summary>
    public ConcurrentQueue<(string Reaction, RecordedFact Fact)> Log { get; } = new();

    /// <summary>How often each of <paramref name="reaction"/> handled each fact, by place.</summary>
    public IReadOnlyList<RecordedFact> HandledBy(string reaction) => [.. Log.Where(l => l.Reaction == reaction).Select(l => l.Fact)];

    /// <summary>From now on the reaction waits, until <see cref="Open"/>.</summary>
    public void Close(string reaction) =>
        _gates[reaction] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open(string reaction)
    {
        if (_gates.TryRemove(reaction, out var gate)) gate.TrySetResult();
    }

    /// <summary>Called before each fact of <paramref name="entity"/>; its result is thrown.</summary>
    public void Fail(string reaction, string entity, Func<Exception?> problem) => _failures[$"{reaction}/{entity}"] = problem;

    private static EntityKind Kind(string name) =>
        new(name, typeof(IEntity), _ => throw new InvalidOperationException("These tests have no entities."));

    private Reaction Follow(string name) => new(name, "Ticking", [typeof(Ticked)], async delivery =>
    {
        if (_gates.TryGetValue(name, out var gate)) await gate.Task;
        if (_failures.TryGetValue($"{name}/{delivery.Recorded.Entity.Key}", out var failure) && failure() is { } problem) throw problem;
        Log.Enqueue((name, delivery.Recorded));
    });
}

/// <summary>Writes facts of tickers, as entities would.</summary>
public sealed class Ticker(CapabilityStore store)
{
    private readonly ConcurrentDictionary<string, long> _versions = new();

    /// <summary>Appends facts to a ticker. One caller at a time may write to the same ticker.</summary>
    public async Task Tick(string key, int times = 1, object? fact = null)
    {
        for (var n = 0; n < times; n++)
        {
            var version = _versions.GetValueOrDefault(key);
            var encoded = store.Capability.Facts.Encode(fact ?? new Ticked((int)version + 1));
            var done = await store.Journal.Append(new AppendRequest(
                new EntityId("ticker", key), version, [encoded], $"tick-{version}", null, "null", DateTimeOffset.UtcNow, "tester"));
            _versions[key] = ((AppendResult.Committed)done).Version;
        }
    }

    /// <summary>Appends facts to each of many tickers, side by side.</summary>
    public Task TickAll(int tickers, int times, string prefix = "t") =>
        Task.WhenAll(Enumerable.Range(0, tickers).Select(n => Tick($"{prefix}{n}", times)));

    /// <summary>Everything that was written, by partition.</summary>
    public async Task<IReadOnlyList<RecordedFact>[]> Written()
    {
        var heads = await store.Log.Heads(default);
        var all = new List<RecordedFact>[heads.Count];
        for (var p = 0; p < all.Length; p++)
        {
            all[p] = [];
            while (all[p].Count < heads[p]) all[p].AddRange((await store.Log.Read(p, all[p].Count, 1000, null, default)).Facts);
        }

        return all;
    }
}
