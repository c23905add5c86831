using Commerce.Engine;
using Commerce.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Journal;

/// <summary>Array parameters, in the order of a function's arguments: a batch travels as columns. An array is sent as it is.</summary>
public static class ArrayParameters
{
    public static NpgsqlParameterCollection AddTexts(this NpgsqlParameterCollection parameters, IEnumerable<string?> values) =>
        parameters.AddColumn(NpgsqlDbType.Text, values);

    public static NpgsqlParameterCollection AddInts(this NpgsqlParameterCollection parameters, IEnumerable<int> values) =>
        parameters.AddColumn(NpgsqlDbType.Integer, values);

    public static NpgsqlParameterCollection AddSmalls(this NpgsqlParameterCollection parameters, IEnumerable<short> values) =>
        parameters.AddColumn(NpgsqlDbType.Smallint, values);

    public static NpgsqlParameterCollection AddLongs(this NpgsqlParameterCollection parameters, IEnumerable<long> values) =>
        parameters.AddColumn(NpgsqlDbType.Bigint, values);

    public static NpgsqlParameterCollection AddLongs(this NpgsqlParameterCollection parameters, IEnumerable<long?> values) =>
        parameters.AddColumn(NpgsqlDbType.Bigint, values);

    public static NpgsqlParameterCollection AddBooleans(this NpgsqlParameterCollection parameters, IEnumerable<bool> values) =>
        parameters.AddColumn(NpgsqlDbType.Boolean, values);

    public static NpgsqlParameterCollection AddTimes(this NpgsqlParameterCollection parameters, IEnumerable<DateTime> values) =>
        parameters.AddColumn(NpgsqlDbType.TimestampTz, values);

    public static NpgsqlParameterCollection AddTimes(this NpgsqlParameterCollection parameters, IEnumerable<DateTime?> values) =>
        parameters.AddColumn(NpgsqlDbType.TimestampTz, values);

    /// <summary>A wake-up time, rounded up to PostgreSQL's microseconds, so that no alarm rings early.</summary>
    public static DateTime? WakeTime(DateTimeOffset? wakeAt) => wakeAt is { } at ? TimestampPrecision.Up(at).UtcDateTime : null;

    private static NpgsqlParameterCollection AddColumn<T>(
        this NpgsqlParameterCollection parameters, NpgsqlDbType type, IEnumerable<T> values)
    {
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values as T[] ?? [.. values], NpgsqlDbType = NpgsqlDbType.Array | type });
        return parameters;
    }
}
