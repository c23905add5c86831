namespace Commerce.Replay;

/// <summary>
/// Lists, reports and the ledger follow the journal and may lag behind by moments. What is compared must not be older than what was
/// asked last, or a difference could be missed.
/// </summary>
internal static class Freshness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Waits until reactions and read models have nothing left to do. False when that cannot be told: this client may not ask the
    /// operator's questions, or others keep the shop busy.
    /// </summary>
    public static async Task<bool> CaughtUp(GatewayClient gateway, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            // Reactions first: what they have done is then among what the read models still have to look at.
            if (await gateway.TryGet<Subscriptions>("/operations/subscriptions", cancel) is not { } reactions) return false;
            if (await gateway.TryGet<IReadOnlyList<ReadModelStatus>>("/operations/read-models", cancel) is not { } models) return false;
            if (reactions.Lag.All(l => l.Facts == 0) && models.All(m => m.Lag == 0)) return true;
            await Task.Delay(100, cancel);
        }
        while (TimeProvider.System.GetElapsedTime(started) < Patience);
        return false;
    }
}
