using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Which partition an entity's facts go to: by the hash of its name, or of its family if its kind has families. It never changes, because
/// facts lie where it said.
/// </summary>
/// <param name="count">How many partitions there are.</param>
/// <param name="families">The kinds that go by families in this database, and the family of each of their keys.</param>
internal sealed class Partitioning(int count, IReadOnlyDictionary<string, Func<string, string>> families)
{
    /// <summary>How many partitions there are.</summary>
    public int Count { get; } = count;

    public int Of(EntityId entity)
    {
        var name = families.TryGetValue(entity.Kind, out var family) ? family(entity.Key) : entity.ToString();
        return (int)(NameHash.Of(name) % (uint)Count);
    }
}
