using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>Reading rows.</summary>
public static class Rows
{
    /// <summary>The columns of a fact in the order that <see cref="Recorded"/> reads them.</summary>
    public const string RecordedColumns = "partition, position, entity, version, type, data::text, at, operation, caller, trace";

    /// <summary>The text, or null.</summary>
    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A fact from ten columns, the first of which is <paramref name="from"/>.</summary>
    public static RecordedFact Recorded(this NpgsqlDataReader row, int from = 0) => new(
        row.GetInt16(from),
        row.GetInt64(from + 1),
        EntityId.Parse(row.GetString(from + 2)),
        row.GetInt64(from + 3),
        new EncodedFact(row.GetString(from + 4), row.GetString(from + 5)),
        row.GetFieldValue<DateTimeOffset>(from + 6),
        row.GetString(from + 7),
        row.GetString(from + 8),
        row.Text(from + 9));
}
