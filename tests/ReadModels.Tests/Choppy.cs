using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.ReadModels.Tests;

/// <summary>
/// A real log that is read in small random pieces, now of this partition and now of that: every way in which partitions can interleave.
/// </summary>
public sealed class Choppy(IFactLog log, int seed) : IFactLog
{
    private readonly Random _random = new(seed);

    public int Partitions => log.Partitions;

    public int PartitionOf(EntityId entity) => log.PartitionOf(entity);

    public Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        int most;
        lock (_random) most = _random.Next(3) == 0 ? _random.Next(1, 20) : 0;
        return most == 0
            ? Task.FromResult<(IReadOnlyList<RecordedFact>, long)>(([], after))
            : log.Read(partition, after, Math.Min(limit, most), types, cancel);
    }

    public Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel) =>
        log.History(entity, afterVersion, limit, cancel);

    public Task<IReadOnlyList<long>> Heads(CancellationToken cancel) => log.Heads(cancel);

    public Task Changed(CancellationToken cancel) => Task.Delay(1, cancel);
}
