using Commerce.Engine;
using Commerce.Grains;
using Commerce.Kernel;

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
        var retried = await Keeper(
            grain => grain.Retry(parked.Subscription, parked.Fact.Partition, parked.Fact.Position), done: r => r is not null, parked,
            cancel);
        if (retried?.Failure is { } failure) throw new InvalidOperationException(failure);
        return retried is not null;
    }

    public Task<bool> GiveUp(ParkedFact parked, CancellationToken cancel) => Keeper(
        grain => grain.GiveUp(parked.Subscription, parked.Fact.Partition, parked.Fact.Position), done: given => given, parked, cancel);

    /// <summary>Asks one silo after the other, until one has it; then the default, if the fact is not parked any more.</summary>
    private async Task<T?> Keeper<T>(Func<IParkedFactsGrain, Task<T>> ask, Func<T, bool> done, ParkedFact parked, CancellationToken cancel)
    {
        try
        {
            foreach (var silo in await SiloCalls.Ask(silos.All))
                if (await ask(silos.On<IParkedFactsGrain>(silo)).WaitAsync(cancel) is var answer && done(answer))
                    return answer;
        }
        catch (Exception lost) when (SiloCalls.Passes(lost))
        {
            throw new OutcomeUnknownException("The silo that was asked has gone; see whether the fact is parked still.", lost);
        }

        if ((await Parked(cancel)).All(p => (p.Subscription, p.Fact.Partition, p.Fact.Position)
            != (parked.Subscription, parked.Fact.Partition, parked.Fact.Position))) return default;
        throw new UnavailableException($"No silo hosts the capability of {parked.Subscription} now.", TimeSpan.FromSeconds(2));
    }
}
