using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// How long an agent leaves it after a failed delivery. Short even after many: a consumer that is at it says so by failing, and one whose
/// silo died is elsewhere in a moment.
/// </summary>
internal sealed class JournalBackoff(EngineOptions options) : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public TimeSpan Next(int attempt) => Backoff.After(attempt + 1, First, Longest, options.Random);
}
