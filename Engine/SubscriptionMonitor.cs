using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// The operator's view from what the databases say: positions are the kept checkpoints, wherever the reactions run. It needs no engine
/// but the entities, so that any process with the databases can serve it: a gateway in front of a cluster too.
/// </summary>
public sealed class SubscriptionMonitor : ISubscriptions
{
    private readonly IReadOnlyList<CapabilityStore> _stores;
    private readonly IReadOnlyList<ReactionDispatcher> _deliveries;

    /// <summary>The subscriptions of all reactions of <paramref name="stores"/>, whose sources must be among them.</summary>
    public SubscriptionMonitor(IReadOnlyList<CapabilityStore> stores, IEntities entities, EngineOptions options)
    {
        _stores = stores;
        _deliveries =
        [
            .. stores.SelectMany(s => s.Capability.Reactions.Select(
                r => new ReactionDispatcher(r, Source(stores, r).Capability.Facts, s.Checkpoints, entities, options))),
        ];
    }

    public async Task<IReadOnlyList<SubscriptionLag>> Lag(CancellationToken cancel) =>
        [.. (await Task.WhenAll(_deliveries.Select(d => Lag(d, cancel)))).SelectMany(l => l)];

    public async Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel)
    {
        var keepers = _deliveries.Select(d => d.Keeper).Distinct();
        return [.. (await Task.WhenAll(keepers.Select(k => k.Parked(cancel)))).SelectMany(p => p).OrderBy(p => p.ParkedAt)];
    }

    public Task Retry(ParkedFact parked, CancellationToken cancel) =>
        (_deliveries.FirstOrDefault(d => d.Name == parked.Subscription) ?? throw new InvalidOperationException(
            $"There is no subscription '{parked.Subscription}' here; there are: {string.Join(", ", _deliveries.Select(d => d.Name))}."))
        .Retry(parked, cancel);

    public Task GiveUp(ParkedFact parked, CancellationToken cancel) => Task.WhenAll(
        _deliveries.Select(d => d.Keeper).Distinct()
            .Select(k => k.Unpark(parked.Subscription, parked.Fact.Partition, parked.Fact.Position, cancel)));

    /// <summary>The store of the capability that a reaction follows.</summary>
    public static CapabilityStore Source(IReadOnlyList<CapabilityStore> stores, Reaction reaction) =>
        stores.FirstOrDefault(s => s.Capability.Name == reaction.Source) ?? throw new InvalidOperationException(
            $"The reaction '{reaction.Name}' follows {reaction.Source}, which is not hosted here.");

    private async Task<IEnumerable<SubscriptionLag>> Lag(ReactionDispatcher delivery, CancellationToken cancel)
    {
        var log = _stores.First(s => s.Capability.Name == delivery.Source).Log;
        // Positions are read before the heads, so that none appears to be ahead of its source.
        var partitions = Enumerable.Range(0, log.Partitions);
        var positions = await Task.WhenAll(partitions.Select(p => delivery.Keeper.Load(delivery.Name, p, cancel)));
        var heads = await log.Heads(cancel);
        return heads.Select((head, p) => new SubscriptionLag(delivery.Name, delivery.Source, p, positions[p], head));
    }
}
