using System.Text.Json;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>How values of the domain go into statements and come out of rows.</summary>
internal static class SqlValues
{
    private static readonly TimeSpan QuarterHour = TimeSpan.FromMinutes(15);

    public static void AddRange(this NpgsqlParameterCollection parameters, IEnumerable<object?> values)
    {
        foreach (var value in values) parameters.Add(new NpgsqlParameter { Value = Storable(value) ?? DBNull.Value });
    }

    public static void Add(this NpgsqlBatch batch, string sql, params IEnumerable<object?> values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(values);
        batch.BatchCommands.Add(command);
    }

    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    public static T Json<T>(this NpgsqlDataReader row, int column) =>
        JsonSerializer.Deserialize<T>(row.GetString(column), FactCatalog.Json)!;

    public static T Word<T>(this NpgsqlDataReader row, int column) where T : struct, Enum =>
        EnumWords.Parse<T>(row.GetString(column))!.Value;

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, FactCatalog.Json);

    /// <summary>The UTC day that an instant lies in.</summary>
    public static DateOnly Day(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>The first instant of a UTC day.</summary>
    public static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>
    /// The quarter of an hour that an instant lies in. The days of every time zone begin with one, since 1972.
    /// </summary>
    public static DateTimeOffset Slot(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % QuarterHour.Ticks), TimeSpan.Zero);

    private static object? Storable(object? value) => value switch
    {
        string text => EncodableText.Clean(text), // a fact with a text that cannot be kept must not stop all that follow it
        string?[] texts => Array.ConvertAll(texts, t => t is null ? null : EncodableText.Clean(t)),
        DateTimeOffset time => time.ToUniversalTime(),
        DateTimeOffset?[] times => Array.ConvertAll(times, t => t?.ToUniversalTime()),
        DateTimeOffset[] times => Array.ConvertAll(times, t => t.ToUniversalTime()),
        _ => value,
    };
}
