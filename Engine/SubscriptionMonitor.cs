using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// How the flow of facts is doing, from what the databases say: positions are the kept checkpoints, wherever the reactions run. So any
/// process with the databases can serve it: a gateway in front of a cluster too.
/// </summary>
/// <param name="stores">The capabilities; those that reactions follow must be among them.</param>
public sealed class SubscriptionMonitor(IReadOnlyList<CapabilityStore> stores)
{
    private readonly IReadOnlyList<(Reaction Reaction, CapabilityStore Source, ICheckpoints Keeper)> _subscriptions =
        [.. stores.SelectMany(s => s.Capability.Reactions.Select(r => (r, Source(stores, r), s.Checkpoints)))];

    /// <summary>How far each subscription is behind its source.</summary>
    public async Task<IReadOnlyList<SubscriptionLag>> Lag(CancellationToken cancel) =>
        [.. (await Task.WhenAll(_subscriptions.Select(s => Lag(s.Reaction, s.Source.Log, s.Keeper, cancel)))).SelectMany(l => l)];

    /// <summary>The facts that reactions could not handle, oldest first.</summary>
    public async Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel)
    {
        var parked = await Task.WhenAll(stores.Select(s => s.Checkpoints.Parked(cancel)));
        return [.. parked.SelectMany(p => p).OrderBy(p => p.ParkedAt)];
    }

    /// <summary>The store of the capability that a reaction follows.</summary>
    public static CapabilityStore Source(IReadOnlyList<CapabilityStore> stores, Reaction reaction) =>
        stores.FirstOrDefault(s => s.Capability.Name == reaction.Source) ?? throw new InvalidOperationException(
            $"The reaction '{reaction.Name}' follows {reaction.Source}, which is not hosted here.");

    /// <summary>That a fact is for a reaction which this version of the software does not have.</summary>
    public static InvalidOperationException NoReaction(string reaction) => new($"There is no reaction '{reaction}' here any more.");

    private static async Task<IEnumerable<SubscriptionLag>> Lag(
        Reaction reaction, IFactLog log, ICheckpoints keeper, CancellationToken cancel)
    {
        // Positions are read before the heads, so that none appears to be ahead of its source.
        var partitions = Enumerable.Range(0, log.Partitions);
        var positions = await Task.WhenAll(partitions.Select(p => keeper.Load(reaction.Name, p, cancel)));
        var heads = await log.Heads(cancel);
        return heads.Select((head, p) => new SubscriptionLag(reaction.Name, reaction.Source, p, positions[p], head));
    }
}
