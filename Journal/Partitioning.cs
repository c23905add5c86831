using System.Text;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Which partition an entity's facts go to: FNV-1a of its name, or of its family if its kind has families, stirred (as in MurmurHash3).
/// It is for ever: facts lie where it said.
/// </summary>
/// <param name="count">How many partitions there are.</param>
/// <param name="families">The kinds that go by families in this database, and the family of each of their keys.</param>
internal sealed class Partitioning(int count, IReadOnlyDictionary<string, Func<string, string>> families)
{
    /// <summary>How many partitions there are.</summary>
    public int Count { get; } = count;

    /// <summary>From 0.</summary>
    public int Of(EntityId entity)
    {
        var hash = 2166136261u;
        var name = families.TryGetValue(entity.Kind, out var family) ? family(entity.Key) : entity.ToString();
        foreach (var octet in Encoding.UTF8.GetBytes(name)) hash = (hash ^ octet) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return (int)((hash ^ (hash >> 16)) % (uint)Count);
    }
}
