using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Micro;

/// <summary>A journal that commits at once and keeps nothing, so that a call is measured without PostgreSQL.</summary>
internal sealed class NullJournal : IJournal, IFactLog, ICheckpoints, IAlarms
{
    /// <summary>What an engine is given.</summary>
    public static CapabilityStore Of(Capability capability)
    {
        var journal = new NullJournal();
        return new CapabilityStore(capability, journal, journal, journal, journal);
    }

    public int Partitions => 1;

    public int PartitionOf(EntityId entity) => 0;

    public Task<LoadResult> Load(EntityId entity, string snapshotShape, long known = 0) => Task.FromResult(new LoadResult(0, null, []));

    public Task<bool> Knows(EntityId entity, string operation) => Task.FromResult(false);

    public async Task<AppendResult> Append(AppendRequest append)
    {
        await Task.Yield(); // answered in a later turn, as a real database would
        return new AppendResult.Committed(append.ExpectedVersion + append.Facts.Count);
    }

    public Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel) =>
        Task.FromResult<(IReadOnlyList<RecordedFact>, long)>(([], after));

    public Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<RecordedFact>>([]);

    public Task<IReadOnlyList<long>> Heads(CancellationToken cancel) => Task.FromResult<IReadOnlyList<long>>([0]);

    public Task Changed(CancellationToken cancel) => Task.Delay(Timeout.Infinite, cancel);

    public Task<long> Load(string subscription, int partition, CancellationToken cancel) => Task.FromResult(0L);

    public Task Save(string subscription, int partition, long position, CancellationToken cancel) => Task.CompletedTask;

    public Task Park(string subscription, RecordedFact fact, string reason, CancellationToken cancel) => Task.CompletedTask;

    public Task StillFails(string subscription, int partition, long position, string reason, CancellationToken cancel) =>
        Task.CompletedTask;

    public Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ParkedFact>>([]);

    public Task Unpark(string subscription, int partition, long position, CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(DateTimeOffset until, int limit, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<(EntityId, DateTimeOffset)>>([]);

    public Task Move(EntityId entity, long version, DateTimeOffset? wakeAt) => Task.CompletedTask;

    public Task Sweep(DateTimeOffset until, CancellationToken cancel) => Task.CompletedTask;
}
