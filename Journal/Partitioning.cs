using System.Text;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Which partition an entity's facts go to: FNV-1a of its name, or of its family if it is of one, stirred (as in MurmurHash3). It is for
/// ever: facts lie where it said. So a database that was made before there were families goes by the names (<c>journal.layout</c>).
/// </summary>
/// <param name="Count">How many partitions there are.</param>
/// <param name="Families">Those of the kinds that have any; none where all goes by the names.</param>
internal sealed record Partitioning(int Count, IReadOnlyDictionary<string, Func<string, string>> Families)
{
    /// <summary>By the families of a capability's kinds.</summary>
    public static Partitioning ByFamily(int count, Capability capability) => new(
        count, capability.Kinds.Where(k => k.Family is not null).ToDictionary(k => k.Name, k => k.Family!));

    /// <summary>By the names alone.</summary>
    public static Partitioning ByName(int count) => new(count, new Dictionary<string, Func<string, string>>());

    /// <summary>From 0.</summary>
    public int Of(EntityId entity)
    {
        var hash = 2166136261u;
        var name = Families.TryGetValue(entity.Kind, out var family) ? family(entity.Key) : entity.ToString();
        foreach (var octet in Encoding.UTF8.GetBytes(name)) hash = (hash ^ octet) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return (int)((hash ^ (hash >> 16)) % (uint)Count);
    }
}
