using System.Net;

namespace Commerce.Replay;

/// <summary>
/// Lists, reports and the ledger follow the journal and may lag behind by moments. The compared data must not be older than the last
/// request, or a difference could be missed.
/// </summary>
internal static class ReadLag
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Waits until reactions and read models have nothing left to do. False when that cannot be determined: this client lacks the
    /// operator's permission, or other clients keep the shop busy.
    /// </summary>
    public static async Task<bool> CaughtUp(CommerceClient shop, CancellationToken cancel)
    {
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            // Reactions first: what they have done is then among what the read models still have to look at.
            try
            {
                var reactions = await shop.GetSubscriptionsAsync(cancel);
                var models = await shop.GetReadModelsAsync(cancel);
                if (reactions.Lag.All(l => l.Facts == 0) && models.All(m => m.Lag == 0)) return true;
            }
            catch (CommerceException refused) when (refused.StatusCode == HttpStatusCode.Forbidden)
            {
                return false; // the permission is missing
            }

            await Task.Delay(100, cancel);
        }
        while (TimeProvider.System.GetElapsedTime(started) < Patience);
        return false;
    }
}
