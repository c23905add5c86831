using System.Runtime.InteropServices;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// A batch, sorted by what can be told without the database. Plain are entities that claim nothing and whose appends follow one another
/// version by version, each decided on top of the one before and with an operation of its own; the rest is to be taken one after the
/// other. An entity is never split.
/// </summary>
internal readonly record struct SortedBatch(
    IReadOnlyList<Pending<Append, Appended>> Plain, IReadOnlyList<Pending<Append, Appended>> InTurn)
{
    public static SortedBatch Of(IReadOnlyList<Pending<Append, Appended>> batch)
    {
        var next = new Dictionary<EntityId, (long Version, Predecessor? After)>(batch.Count);
        HashSet<(EntityId, string)> operations = [];
        HashSet<EntityId> irregular = [];
        foreach (var append in batch.Select(p => p.Request))
        {
            ref var expected = ref CollectionsMarshal.GetValueRefOrAddDefault(next, append.Entity, out var seen);
            if ((seen && expected != (append.ExpectedVersion, append.After))
                || !operations.Add((append.Entity, append.OperationId))
                || append.Take is { Count: > 0 } || append.Release is { Count: > 0 })
                irregular.Add(append.Entity);
            expected = append.Facts.Count == 0 ? (append.ExpectedVersion, append.After)
                : (append.ExpectedVersion + append.Facts.Count, new Predecessor(append.OperationId, append.At));
        }

        return irregular.Count == 0
            ? new(batch, [])
            : new(
                [.. batch.Where(p => !irregular.Contains(p.Request.Entity))],
                [.. batch.Where(p => irregular.Contains(p.Request.Entity))]);
    }
}
