using System.Runtime.InteropServices;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// A batch, sorted by what is known without the database. Independent are entities without unique values or erasure whose appends follow
/// one another version by version, each decided on top of the one before and with an operation of its own; the rest is appended one
/// after the other. An entity is never split.
/// </summary>
internal readonly record struct SortedBatch(
    IReadOnlyList<Pending<AppendRequest, AppendResult>> Independent, IReadOnlyList<Pending<AppendRequest, AppendResult>> Sequential)
{
    public static SortedBatch Of(IReadOnlyList<Pending<AppendRequest, AppendResult>> batch)
    {
        var next = new Dictionary<EntityId, (long Version, DecidedOn? After, string Operation)>(batch.Count);
        HashSet<(EntityId, string)> operations = []; // of entities that are there more than once: few
        HashSet<EntityId> irregular = [];
        foreach (var pending in batch)
        {
            var append = pending.Request;
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(next, append.Entity, out var seen);
            if (seen) operations.Add((append.Entity, before.Operation));
            if ((seen && ((before.Version, before.After) != (append.ExpectedVersion, append.After)
                    || !operations.Add((append.Entity, append.OperationId))))
                || append.Take is { Count: > 0 } || append.Release is { Count: > 0 } || append.Erases.Count > 0)
                irregular.Add(append.Entity);
            before = append.Facts.Count == 0 ? (append.ExpectedVersion, append.After, append.OperationId)
                : (append.ExpectedVersion + append.Facts.Count, new DecidedOn(append.OperationId, append.At), append.OperationId);
        }

        return irregular.Count == 0
            ? new(batch, [])
            : new(
                [.. batch.Where(p => !irregular.Contains(p.Request.Entity))],
                [.. batch.Where(p => irregular.Contains(p.Request.Entity))]);
    }
}
