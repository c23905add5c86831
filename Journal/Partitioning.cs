using System.Text;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Which partition an entity's facts go to: FNV-1a of its name, or of its family if its kind has families, stirred (as in MurmurHash3).
/// It is for ever: facts lie where it said.
/// </summary>
internal sealed class Partitioning
{
    private readonly Dictionary<string, Func<string, string>> _families;

    /// <param name="count">How many partitions there are.</param>
    /// <param name="families">The kinds that go by families in this database.</param>
    /// <param name="capability">Knows the families.</param>
    /// <exception cref="JournalSchemaException">It knows no families of one of them.</exception>
    public Partitioning(int count, IEnumerable<string> families, Capability capability)
    {
        Count = count;
        _families = families.ToDictionary(kind => kind, kind => capability.Kind(kind)?.Family ?? throw new JournalSchemaException(
            $"The database keeps the facts of each '{kind}' with its family, and this software knows no families of that kind. "
            + $"Start the software version that last used it; nothing was changed."));
    }

    /// <summary>How many partitions there are.</summary>
    public int Count { get; }

    /// <summary>The kinds that go by families in a database that is made now.</summary>
    public static IEnumerable<string> FamiliesOf(Capability capability) =>
        capability.Kinds.Where(k => k.Family is not null).Select(k => k.Name);

    /// <summary>From 0.</summary>
    public int Of(EntityId entity)
    {
        var hash = 2166136261u;
        var name = _families.TryGetValue(entity.Kind, out var family) ? family(entity.Key) : entity.ToString();
        foreach (var octet in Encoding.UTF8.GetBytes(name)) hash = (hash ^ octet) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return (int)((hash ^ (hash >> 16)) % (uint)Count);
    }
}
