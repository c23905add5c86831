using Commerce.Engine;
using Commerce.Journal.Memory;
using Commerce.Kernel;
using Commerce.Simulation;

namespace Commerce.ReadModels.Tests;

/// <summary>A journal of which more and more is seen, a piece of this partition and a piece of that, as if it were being written.</summary>
internal sealed class GrowingLog(MemoryJournal journal, Random random) : IFactLog
{
    private readonly long[] _seen = new long[journal.Partitions];

    public int Partitions => journal.Partitions;

    /// <summary>True when all of it is seen.</summary>
    public bool Complete
    {
        get
        {
            lock (_seen) return _seen.SequenceEqual(journal.Heads);
        }
    }

    public int PartitionOf(EntityId entity) => journal.PartitionOf(entity);

    /// <summary>From now on some more facts are seen.</summary>
    public void Grow()
    {
        lock (_seen)
        {
            var partition = random.Next(Partitions);
            var most = Math.Max(1, (int)journal.Heads[partition] / 12);
            _seen[partition] = Math.Min(journal.Heads[partition], _seen[partition] + random.Next(1, most + 1));
        }
    }

    /// <summary>From now on everything is.</summary>
    public GrowingLog GrowToEnd()
    {
        lock (_seen) journal.Heads.ToArray().CopyTo(_seen, 0);
        return this;
    }

    public Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel)
    {
        lock (_seen)
        {
            var (facts, seenTo) = journal.Read(partition, after, limit, types);
            return Task.FromResult<(IReadOnlyList<RecordedFact>, long)>((
                [.. facts.Where(f => f.Position <= _seen[partition])], Math.Min(seenTo, Math.Max(after, _seen[partition]))));
        }
    }

    public Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel) =>
        Task.FromResult(journal.History(entity, afterVersion, limit));

    public Task<IReadOnlyList<long>> Heads(CancellationToken cancel)
    {
        lock (_seen) return Task.FromResult<IReadOnlyList<long>>([.. _seen]);
    }

    public Task Changed(CancellationToken cancel) => Task.Delay(1, cancel);
}
