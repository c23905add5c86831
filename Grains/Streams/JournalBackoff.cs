using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// How long an agent leaves it after a failed delivery. Short even after many: a consumer that is at it says so by failing, and one whose
/// silo died is elsewhere in a moment.
/// </summary>
internal sealed class JournalBackoff(GrainOptions options) : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private const int LongestMilliseconds = 2000;

    /// <inheritdoc/>
    public TimeSpan Next(int attempt) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestMilliseconds, 100 << Math.Min(attempt, 10)) * (0.5 + (options.Random.NextDouble() / 2)));
}
