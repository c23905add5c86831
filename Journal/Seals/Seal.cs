using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// A signed statement about a block of a partition's appends: these there were, with these digests. The head is that of the partition's
/// chain of digests, and the seal names the one before it of the capability, so that none can be taken out unnoticed (decision 29).
/// </summary>
/// <param name="Number">From 1, without gaps, over all partitions of the capability.</param>
/// <param name="After">The position before the block's first fact.</param>
/// <param name="Upto">The position of its last fact.</param>
/// <param name="Leaves">Of each append its position and its digest, one after the other.</param>
/// <param name="Head">The digest of the head before, in this partition, and the leaves.</param>
/// <param name="Before">The digest of the seal before.</param>
/// <param name="At">When it was made.</param>
/// <param name="Key">The name of the key that signed.</param>
internal sealed record Seal(
    long Number, short Partition, long After, long Upto, byte[] Leaves, byte[] Head, byte[] Before, DateTime At, string Key,
    byte[] Signature)
{
    public const string Columns = "number, partition, after, upto, leaves, head, before, at, key, signature";

    private const int LeafBytes = sizeof(long) + SHA256.HashSizeInBytes;

    /// <summary>In place of a digest where there is nothing before.</summary>
    public static readonly byte[] None = new byte[SHA256.HashSizeInBytes];

    public static Seal Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt16(1), row.GetInt64(2), row.GetInt64(3), row.GetFieldValue<byte[]>(4), row.GetFieldValue<byte[]>(5),
        row.GetFieldValue<byte[]>(6), row.GetDateTime(7), row.GetString(8), row.GetFieldValue<byte[]>(9));

    public static byte[] LeavesOf(IReadOnlyList<StoredAppend> appends)
    {
        var leaves = new byte[appends.Count * LeafBytes];
        foreach (var (n, append) in appends.Index())
        {
            var leaf = leaves.AsSpan(n * LeafBytes, LeafBytes);
            BinaryPrimitives.WriteInt64BigEndian(leaf, append.Position);
            append.Digest.CopyTo(leaf[sizeof(long)..]);
        }

        return leaves;
    }

    public static byte[] HeadOf(byte[] before, byte[] leaves) => SHA256.HashData([.. before, .. leaves]);

    /// <summary>What is signed.</summary>
    /// <param name="capability">Whose seal it is: it proves nothing of another one.</param>
    public byte[] Body(string capability)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("commerce seal 1");
        writer.Write(capability);
        foreach (var number in new[] { Number, Partition, After, Upto, At.Ticks }) writer.Write(number);
        foreach (var digest in new[] { Head, Before }) writer.Write(Convert.ToHexString(digest));
        writer.Write(Key);
        return bytes.ToArray();
    }

    public byte[] Digest(string capability) => SHA256.HashData(Body(capability));

    /// <summary>The appends that it is about, in order.</summary>
    public IEnumerable<(long Position, byte[] Digest)> Appends() => Leaves.Chunk(LeafBytes).Where(leaf => leaf.Length == LeafBytes)
        .Select(leaf => (BinaryPrimitives.ReadInt64BigEndian(leaf), leaf[sizeof(long)..]));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seal {Number} of {At:yyyy-MM-dd HH:mm:ss}Z: partition {Partition}, positions {After + 1} to {Upto}");
}
