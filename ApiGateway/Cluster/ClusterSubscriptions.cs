using Commerce.Engine;
using Commerce.Grains;

namespace Commerce.ApiGateway;

/// <summary>
/// The flow of facts as the databases show it; what is parked is retried and given up by a silo that hosts the reacting capability.
/// </summary>
internal sealed class ClusterSubscriptions(SiloCalls silos, SubscriptionMonitor stored) : ISubscriptions
{
    public Task<IReadOnlyList<SubscriptionLag>> Lag(CancellationToken cancel) => stored.Lag(cancel);

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel) => stored.Parked(cancel);

    public async Task<bool> Retry(ParkedFact parked, CancellationToken cancel)
    {
        RetriedFact? retried = null;
        var kept = await Keeper(
            parked, async (grain, subscription, partition, position) =>
                (retried = await grain.Retry(subscription, partition, position).WaitAsync(cancel)) is not null, cancel);
        return retried?.Failure is { } failure ? throw new InvalidOperationException(failure) : kept;
    }

    public Task<bool> GiveUp(ParkedFact parked, CancellationToken cancel) => Keeper(
        parked, (grain, subscription, partition, position) => grain.GiveUp(subscription, partition, position).WaitAsync(cancel), cancel);

    /// <summary>Has the silo do it that keeps the fact; false when the fact is not parked any more.</summary>
    private async Task<bool> Keeper(
        ParkedFact parked, Func<IParkedFactsGrain, string, int, long, Task<bool>> ask, CancellationToken cancel)
    {
        var (subscription, partition, position) = (parked.Subscription, parked.Fact.Partition, parked.Fact.Position);
        try
        {
            if (await silos.Any<IParkedFactsGrain>(grain => ask(grain, subscription, partition, position))) return true;
        }
        catch (Exception lost) when (SiloCalls.Passes(lost))
        {
            throw new OutcomeUnknownException("The silo that was asked has gone; see whether the fact is parked still.", lost);
        }

        return (await Parked(cancel)).Any(p => p.Is(subscription, partition, position))
            ? throw SiloCalls.NoHost($"the capability of {subscription}") : false;
    }
}
