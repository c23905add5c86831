namespace Commerce.Engine;

/// <summary>What becomes of facts that reactions could not handle, in a process that hosts the reacting capabilities.</summary>
/// <param name="stores">The hosted capabilities.</param>
/// <param name="deliveryOf">The delivery to a reaction by its name; fails, for a person to read, where there is none.</param>
public sealed class ParkedFacts(IReadOnlyList<CapabilityStore> stores, Func<string, ReactionDispatcher> deliveryOf)
{
    /// <summary>
    /// Gives one to its reaction once more. It stays parked, with the new reason, when that fails again; then this fails too.
    /// </summary>
    /// <returns>False: none of these capabilities keeps it.</returns>
    public async Task<bool> Retry(string subscription, int partition, long position, CancellationToken cancel)
    {
        if (await Find(subscription, partition, position, cancel) is not var (_, found)) return false;
        await deliveryOf(subscription).Retry(found, cancel);
        return true;
    }

    /// <summary>Gives one up: its reaction will not see it again, also when that reaction is not there any more.</summary>
    /// <returns>False: none of these capabilities keeps it.</returns>
    public async Task<bool> GiveUp(string subscription, int partition, long position, CancellationToken cancel)
    {
        if (await Find(subscription, partition, position, cancel) is not var (keeper, _)) return false;
        await keeper.Unpark(subscription, partition, position, cancel);
        return true;
    }

    private async Task<(ICheckpoints Keeper, ParkedFact Fact)?> Find(
        string subscription, int partition, long position, CancellationToken cancel)
    {
        foreach (var keeper in stores.Select(s => s.Checkpoints))
            if ((await keeper.Parked(cancel)).FirstOrDefault(p => p.Is(subscription, partition, position)) is { } found)
                return (keeper, found);
        return null;
    }
}
