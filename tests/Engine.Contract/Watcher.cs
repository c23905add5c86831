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
public sealed class Watcher(EntityContext context, World world) : Entity<WatcherState, Seen>(context), IWatcher
{
    protected override WatcherState Initial { get; } = new([]);

    protected override string Shape => "watcher/1";

    public Task<Result<long>> See(long version, long by, CallContext call)
    {
        world.Log.Enqueue($"see {Key}@{version}");
        world.Check($"see {Key}");
        return Execute(call, _ => new Seen(version, by), (_, v) => v);
    }

    public async Task<IReadOnlyList<long>> Get() => (await Read()).State.Versions;

    protected override WatcherState Evolve(WatcherState state, Seen fact) => new(state.Versions.Add(fact.Version));
}
