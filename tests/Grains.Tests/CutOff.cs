using Commerce.Kernel;

namespace Commerce.Grains.Tests;

/// <summary>
/// A database as one cluster reaches it. A silo that is killed within this process still runs what it had begun; cut off, nothing of that
/// is to be seen any more, as if its process were gone.
/// </summary>
internal sealed class CutOff : IJournal, IAlarms
{
    private readonly CapabilityStore _inner;
    private volatile bool _cut;

    public CutOff(CapabilityStore inner)
    {
        _inner = inner;
        Store = inner with { Journal = this, Alarms = this };
    }

    public CapabilityStore Store { get; }

    public void Cut() => _cut = true;

    public Task<Loaded> Load(EntityId entity, string snapshotShape) =>
        _cut ? Task.FromException<Loaded>(Gone()) : _inner.Journal.Load(entity, snapshotShape);

    public Task<Appended> Append(Append append) => _cut ? Task.FromException<Appended>(Gone()) : _inner.Journal.Append(append);

    public Task<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>> Due(DateTimeOffset until, int limit, CancellationToken cancel) =>
        _cut
            ? Task.FromException<IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)>>(Gone())
            : _inner.Alarms.Due(until, limit, cancel);

    private static UnavailableException Gone() => new("This cluster has crashed.", TimeSpan.FromSeconds(1));
}
