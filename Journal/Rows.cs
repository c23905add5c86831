using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

public static class Rows
{
    /// <summary>The columns of a parked fact in the order that <see cref="Recorded"/> reads them.</summary>
    public const string ParkedColumns = "partition, position, entity, version, type, data::text, at, operation, caller, trace, cause";

    /// <summary>The columns of an append in the order that <see cref="AddRecorded"/> reads them.</summary>
    internal const string AppendColumns =
        "partition, position, entity, based_on, types, data::text, at, operation, caller, trace, cause, facts, keys::text";

    /// <summary>The text, or null.</summary>
    public static string? Text(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>All rows that a command finds.</summary>
    public static async Task<List<T>> All<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> row, CancellationToken cancel)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) rows.Add(row(reader));
        return rows;
    }

    /// <summary>A fact from eleven columns, the first of which is <paramref name="from"/>.</summary>
    public static RecordedFact Recorded(this NpgsqlDataReader row, int from = 0) => new(
        row.GetInt16(from),
        row.GetInt64(from + 1),
        EntityId.Parse(row.GetString(from + 2)),
        row.GetInt64(from + 3),
        new EncodedFact(row.GetString(from + 4), row.GetString(from + 5)),
        row.GetFieldValue<DateTimeOffset>(from + 6),
        row.GetString(from + 7),
        row.GetString(from + 8),
        row.Text(from + 9),
        row.Text(from + 10));

    /// <summary>
    /// Adds the facts of an append that come after a position of the partition and a version of the entity, from thirteen columns.
    /// </summary>
    internal static void AddRecorded(this NpgsqlDataReader row, List<RecordedFact> facts, int from, long position, long version = 0)
    {
        var (partition, last, entity) = (row.GetInt16(from), row.GetInt64(from + 1), EntityId.Parse(row.GetString(from + 2)));
        var (basedOn, count) = (row.GetInt64(from + 3), row.GetInt32(from + 11));
        var at = row.GetFieldValue<DateTimeOffset>(from + 6);
        var (operation, caller) = (row.GetString(from + 7), row.GetString(from + 8));
        var (trace, cause) = (row.Text(from + 9), row.Text(from + 10));
        var encoded = FactColumns.Read(count, row.GetString(from + 4), row.GetString(from + 5), row.Text(from + 12));
        for (var i = 0; i < count; i++)
            if (last - count + i + 1 > position && basedOn + i + 1 > version)
                facts.Add(new RecordedFact(
                    partition, last - count + i + 1, entity, basedOn + i + 1, encoded[i], at, operation, caller, trace, cause));
    }
}
