using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal.Tests;

/// <summary>Makes what tests append.</summary>
internal static class Appends
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static int _keys;

    public static EntityId NewEntity(string kind = "thing") => new(kind, $"t_{Interlocked.Increment(ref _keys)}");

    /// <summary>An append of a number of facts; each names the entity and the version that it made.</summary>
    public static AppendRequest To(EntityId entity, long expected, string operation, int facts = 1, string type = "happened/1") => new(
        entity,
        expected,
        [.. Enumerable.Range(1, facts).Select(n => new EncodedFact(type, $$"""{"of":"{{entity}}","makes":{{expected + n}}}"""))],
        operation,
        $"fingerprint of {operation}",
        $"\"answer to {operation}\"",
        Noon,
        "tester");

    public static UniqueValue Email(string value) => new("email", value);

    /// <summary>Everything in the log from the beginning, read in small portions.</summary>
    public static async Task<List<RecordedFact>> ReadAll(this IFactLog log, int limit = 7)
    {
        var all = new List<RecordedFact>();
        for (var partition = 0; partition < log.Partitions; partition++)
            for (var after = 0L; ;)
            {
                var (facts, seenTo) = await log.Read(partition, after, limit, null, CancellationToken.None);
                all.AddRange(facts);
                if (seenTo == after) break;
                after = seenTo;
            }

        return all;
    }

    /// <summary>
    /// A partition from its beginning, as a subscriber follows it, to what was committed before <paramref name="stop"/>.
    /// </summary>
    public static async Task<List<RecordedFact>> Follow(this IFactLog log, int partition, CancellationToken stop)
    {
        var (seen, after) = (new List<RecordedFact>(), 0L);
        while (true)
        {
            var last = stop.IsCancellationRequested;
            if (last) await log.Heads(CancellationToken.None); // commits of other processes may not be visible yet
            var changed = log.Changed(stop); // before reading, so that nothing slips in between
            var (facts, seenTo) = await log.Read(partition, after, 7, null, CancellationToken.None);
            seen.AddRange(facts);
            if (seenTo == after && last) return seen;
            if (seenTo == after) await Task.WhenAny(changed);
            after = seenTo;
        }
    }
}
