using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// A row of <c>journal.appends</c> as evidence, with the digest of all of it that never changes. Not in the digest are the keys and the
/// fingerprint, which an erasure takes away, and a rotation of keys wraps anew.
/// </summary>
internal sealed record StoredAppend(short Partition, long Position, string Entity, long BasedOn, int Facts, DateTime At, byte[] Digest)
{
    /// <summary>The columns that the digest is of; the first of them are shown, too.</summary>
    private const string Columns =
        "partition, position, entity, based_on, facts, at, types, data::text, operation, own, unfinished, caller, cause, trace, answer";

    /// <summary>Those of a partition (1) with a position above another (2), in order.</summary>
    public const string Sql = $"select {Columns} from journal.appends where partition = $1 and position > $2 order by position";

    public static StoredAppend Read(NpgsqlDataReader row)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        for (var column = 0; column < row.FieldCount; column++) Write(writer, row.GetValue(column));
        return new(
            row.GetInt16(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt32(4), row.GetDateTime(5),
            SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"partition {Partition}, position {Position}: {Entity}, version {BasedOn + Facts}, of {At:yyyy-MM-dd HH:mm:ss}Z");

    // Each value says of what kind it is, and a text how long it is: no two rows have the same bytes.
    private static void Write(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case DBNull:
                writer.Write('n');
                break;
            case string text:
                writer.Write('t');
                writer.Write(text);
                break;
            case bool flag:
                writer.Write('b');
                writer.Write(flag);
                break;
            case DateTime time:
                writer.Write('d');
                writer.Write(time.Ticks);
                break;
            default:
                writer.Write('i');
                writer.Write(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
