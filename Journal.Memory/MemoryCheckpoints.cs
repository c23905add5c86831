using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal.Memory;

/// <summary>The checkpoints and parked facts of a capability's database in memory; they survive the death of a process.</summary>
public sealed class MemoryCheckpoints
{
    private readonly Dictionary<(string, int), long> _positions = [];
    private readonly Dictionary<(string, int, long), ParkedFact> _parked = [];

    /// <summary>The last handled position, 0 when none.</summary>
    public long Load(string subscription, int partition) => _positions.GetValueOrDefault((subscription, partition));

    /// <summary>Keeps a position; never moves back.</summary>
    public void Save(string subscription, int partition, long position) =>
        _positions[(subscription, partition)] = Math.Max(position, Load(subscription, partition));

    /// <summary>Sets a fact aside; the same one again only replaces the reason.</summary>
    public void Park(string subscription, RecordedFact fact, string reason, DateTimeOffset now)
    {
        var key = (subscription, fact.Partition, fact.Position);
        _parked[key] = _parked.TryGetValue(key, out var first)
            ? first with { Reason = reason }
            : new ParkedFact(subscription, fact, reason, now);
    }

    /// <summary>Replaces the reason of a fact that is set aside.</summary>
    public void StillFails(string subscription, int partition, long position, string reason)
    {
        if (_parked.TryGetValue((subscription, partition, position), out var first))
            _parked[(subscription, partition, position)] = first with { Reason = reason };
    }

    /// <summary>The facts set aside, oldest first.</summary>
    public IReadOnlyList<ParkedFact> Parked() =>
    [
        .. _parked.Values.OrderBy(p => p.ParkedAt).ThenBy(p => p.Subscription, StringComparer.Ordinal)
            .ThenBy(p => p.Fact.Partition).ThenBy(p => p.Fact.Position),
    ];

    /// <summary>Forgets a fact set aside.</summary>
    public void Unpark(string subscription, int partition, long position) => _parked.Remove((subscription, partition, position));
}
