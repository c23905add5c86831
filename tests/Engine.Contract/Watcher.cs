using System.Collections.Immutable;
using Commerce.Kernel;

namespace Commerce.Engine.Contract;

/// <summary>Sees what is added to the counter of the same key, by a reaction.</summary>
public interface IWatcher : IEntity
{
    /// <summary>Keeps it. Fails while the world says so: <c>see KEY</c>.</summary>
    Task<Result<long>> See(long version, long by, CallContext call);

    /// <summary>The versions seen, in the order seen.</summary>
    [Interleaved]
    Task<IReadOnlyList<long>> Get();
}

/// <summary>It saw one addition.</summary>
public sealed record Seen(long Version, long By);

/// <summary>What it saw, in order.</summary>
public sealed record WatcherState(ImmutableList<long> Versions);

/// <summary>A watcher, with an address.</summary>
public sealed class Watcher(EntityContext context) : IWatcher
{
    private static readonly EntityDefinition<WatcherState, Seen> Definition =
        new("watcher/1", new([]), (state, fact) => new(state.Versions.Add(fact.Version)));

    private readonly Decider<WatcherState, Seen> _watcher = context.Decider(Definition);
    private readonly World _world = context.Port<World>();

    public Task<Result<long>> See(long version, long by, CallContext call)
    {
        _world.Log.Enqueue($"see {context.Key}@{version}");
        _world.Check($"see {context.Key}");
        return _watcher.Decide(call, _ => new Seen(version, by), (_, v) => v);
    }

    public async Task<IReadOnlyList<long>> Get() => (await _watcher.Read()).State.Versions;
}
