using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Runtime.Providers;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// An agent's backoff after a failed delivery. Short even after many: a busy consumer fails deliveries until it has finished, and one whose
/// silo died is elsewhere in a moment.
/// </summary>
internal sealed class JournalBackoff(EngineOptions options) : IMessageDeliveryBackoffProvider, IQueueReaderBackoffProvider
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public TimeSpan Next(int attempt) => Backoff.After(attempt + 1, First, Longest, options.Random);
}
