namespace Commerce.Engine;

/// <summary>How far a subscription is behind, in one partition of its source.</summary>
/// <param name="Subscription">The reaction's name.</param>
/// <param name="Source">The capability whose facts it follows.</param>
/// <param name="Partition">The partition of the source.</param>
/// <param name="Position">Up to where it has handled the facts.</param>
/// <param name="Head">The last committed position.</param>
public sealed record SubscriptionLag(string Subscription, string Source, int Partition, long Position, long Head)
{
    /// <summary>How many facts, of interest or not, are yet to be read.</summary>
    public long Facts => Math.Max(0, Head - Position);
}

/// <summary>The operator's view and controls of the flow of facts between capabilities, in either engine.</summary>
public interface ISubscriptions
{
    /// <summary>How far each subscription is behind its source.</summary>
    Task<IReadOnlyList<SubscriptionLag>> Lag(CancellationToken cancel);

    /// <summary>The facts that reactions could not handle, oldest first.</summary>
    Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel);

    /// <summary>
    /// Gives a parked fact to its reaction once more. It stays parked, with the new reason, when that fails again; then this fails too.
    /// </summary>
    /// <returns>False: it is not parked any more.</returns>
    Task<bool> Retry(ParkedFact parked, CancellationToken cancel);

    /// <summary>Gives a parked fact up: its reaction will not see it again, also when that reaction is not there any more.</summary>
    /// <returns>False: it is not parked any more.</returns>
    Task<bool> GiveUp(ParkedFact parked, CancellationToken cancel);
}
