using System.Text;
using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>
/// Which partition an entity's facts go to: FNV-1a of its name, stirred (as in MurmurHash3). It is for ever: facts lie where it said.
/// </summary>
internal static class Partitioning
{
    public static int Of(EntityId entity, int partitions)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(entity.ToString())) hash = (hash ^ octet) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return (int)((hash ^ (hash >> 16)) % (uint)partitions);
    }
}
