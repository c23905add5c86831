using Commerce.Kernel;
using Npgsql;
using NpgsqlTypes;

namespace Commerce.Journal;

/// <summary>Array parameters, in the order of a function's arguments: a batch travels as columns.</summary>
internal static class Columns
{
    public static NpgsqlParameterCollection AddTexts(this NpgsqlParameterCollection parameters, IEnumerable<string?> values) =>
        parameters.AddColumn(NpgsqlDbType.Text, values);

    public static NpgsqlParameterCollection AddInts(this NpgsqlParameterCollection parameters, IEnumerable<int> values) =>
        parameters.AddColumn(NpgsqlDbType.Integer, values);

    public static NpgsqlParameterCollection AddSmalls(this NpgsqlParameterCollection parameters, IEnumerable<short> values) =>
        parameters.AddColumn(NpgsqlDbType.Smallint, values);

    public static NpgsqlParameterCollection AddLongs(this NpgsqlParameterCollection parameters, IEnumerable<long?> values) =>
        parameters.AddColumn(NpgsqlDbType.Bigint, values);

    public static NpgsqlParameterCollection AddBooleans(this NpgsqlParameterCollection parameters, IEnumerable<bool> values) =>
        parameters.AddColumn(NpgsqlDbType.Boolean, values);

    public static NpgsqlParameterCollection AddTimes(this NpgsqlParameterCollection parameters, IEnumerable<DateTimeOffset> values) =>
        parameters.AddColumn(NpgsqlDbType.TimestampTz, values.Select(v => v.UtcDateTime));

    public static NpgsqlParameterCollection AddTimes(this NpgsqlParameterCollection parameters, IEnumerable<DateTimeOffset?> values) =>
        parameters.AddColumn(NpgsqlDbType.TimestampTz, values.Select(v => v?.UtcDateTime));

    /// <summary>Times of waking, to the next microsecond that PostgreSQL can keep: nobody is woken early.</summary>
    public static NpgsqlParameterCollection AddWakeTimes(this NpgsqlParameterCollection parameters, IEnumerable<DateTimeOffset?> values) =>
        parameters.AddColumn(NpgsqlDbType.TimestampTz, values.Select(v => v is { } at ? Microseconds.Up(at).UtcDateTime : (DateTime?)null));

    private static NpgsqlParameterCollection AddColumn<T>(
        this NpgsqlParameterCollection parameters, NpgsqlDbType type, IEnumerable<T> values)
    {
        parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | type });
        return parameters;
    }
}
