using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Tests;

/// <summary>
/// A database as one cluster reaches it. A silo that is killed within this process still runs what it had begun; cut off, nothing of that
/// is to be seen any more, as if its process were gone.
/// </summary>
internal sealed class CutOff : IJournal, IFactLog, ICheckpoints, IAlarms
{
    private readonly CapabilityStore _inner;
    private volatile bool _cut;

    public CutOff(CapabilityStore inner)
    {
        _inner = inner;
        Store = inner with { Journal = this, Log = this, Checkpoints = this, Alarms = this };
    }

    public CapabilityStore Store { get; }

    public void Cut() => _cut = true;

    public int Partitions => _inner.Log.Partitions;

    private IJournal Journal => Reach(_inner.Journal);

    private IFactLog Log => Reach(_inner.Log);

    private ICheckpoints Checkpoints => Reach(_inner.Checkpoints);

    public async Task<LoadResult> Load(EntityId entity, string snapshotShape, long known = 0) =>
        await Journal.Load(entity, snapshotShape, known);

    public async Task<bool> Knows(EntityId entity, string operation) => await Journal.Knows(entity, operation);

    public async Task<AppendResult> Append(AppendRequest append) => await Journal.Append(append);

    public int PartitionOf(EntityId entity) => _inner.Log.PartitionOf(entity);

    public async Task<(IReadOnlyList<RecordedFact> Facts, long SeenTo)> Read(
        int partition, long after, int limit, IReadOnlyCollection<string>? types, CancellationToken cancel) =>
        await Log.Read(partition, after, limit, types, cancel);

    public async Task<IReadOnlyList<RecordedFact>> History(EntityId entity, long afterVersion, int limit, CancellationToken cancel) =>
        await Log.History(entity, afterVersion, limit, cancel);

    public async Task<IReadOnlyList<long>> Heads(CancellationToken cancel) => await Log.Heads(cancel);

    public async Task Changed(CancellationToken cancel) => await Log.Changed(cancel);

    public async Task<long> Load(string subscription, int partition, CancellationToken cancel) =>
        await Checkpoints.Load(subscription, partition, cancel);

    public async Task Save(string subscription, int partition, long position, CancellationToken cancel) =>
        await Checkpoints.Save(subscription, partition, position, cancel);

    public async Task Park(string subscription, RecordedFact fact, string reason, CancellationToken cancel) =>
        await Checkpoints.Park(subscription, fact, reason, cancel);

    public async Task StillFails(string subscription, int partition, long position, string reason, CancellationToken cancel) =>
        await Checkpoints.StillFails(subscription, partition, position, reason, cancel);

    public async Task<IReadOnlyList<ParkedFact>> Parked(CancellationToken cancel) => await Checkpoints.Parked(cancel);

    public async Task Unpark(string subscription, int partition, long position, CancellationToken cancel) =>
        await Checkpoints.Unpark(subscription, partition, position, cancel);

    public async Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(
        DateTimeOffset until, int limit, CancellationToken cancel) => await Reach(_inner.Alarms).Due(until, limit, cancel);

    public async Task Move(EntityId entity, long version, DateTimeOffset? wakeAt) =>
        await Reach(_inner.Alarms).Move(entity, version, wakeAt);

    public async Task Sweep(DateTimeOffset until, CancellationToken cancel) => await Reach(_inner.Alarms).Sweep(until, cancel);

    private T Reach<T>(T port) => _cut ? throw new UnavailableException("This cluster has crashed.", TimeSpan.FromSeconds(1)) : port;
}
