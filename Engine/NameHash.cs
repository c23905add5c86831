using System.Text;

namespace Commerce.Engine;

/// <summary>
/// A hash of a name that is the same in every process and every version: FNV-1a over UTF-8, mixed as in MurmurHash3. Facts lie in the
/// partitions that it has named, so it never changes.
/// </summary>
public static class NameHash
{
    /// <summary>The hash of a name.</summary>
    public static uint Of(string name)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(name)) hash = (hash ^ octet) * 16777619u;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return hash ^ (hash >> 16);
    }
}
