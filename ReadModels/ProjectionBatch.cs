using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>
/// One batch of facts on its way into a read model's tables. What is written is sent in one round trip at the end, in one transaction
/// with the position up to which facts were taken.
/// </summary>
public sealed class ProjectionBatch
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlBatch _writes;
    private readonly CancellationToken _cancel;

    internal ProjectionBatch(
        string schema, IReadOnlyList<(RecordedFact Recorded, object Fact)> facts, PersonalData personal, NpgsqlConnection connection,
        NpgsqlBatch writes, CancellationToken cancel) =>
        (Schema, Facts, Personal, _connection, _writes, _cancel) = (schema, facts, personal, connection, writes, cancel);

    /// <summary>The schema of the tables, to name them with.</summary>
    public string Schema { get; }

    /// <summary>The facts, in order for each entity.</summary>
    public IReadOnlyList<(RecordedFact Recorded, object Fact)> Facts { get; }

    /// <summary>Seals what the tables keep of persons.</summary>
    public PersonalData Personal { get; }

    /// <summary>Reads what the tables hold so far; <c>$1</c>, <c>$2</c> … are the values.</summary>
    public async Task<List<T>> Read<T>(string sql, Func<NpgsqlDataReader, T> row, params IEnumerable<object?> values)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.AddRange(values);
        await command.PrepareAsync(_cancel);
        return await command.All(row, _cancel);
    }

    /// <summary>Writes at the end of the turn, in the order of the calls; <c>$1</c>, <c>$2</c> … are the values, mostly arrays.</summary>
    public void Write(string sql, params IEnumerable<object?> values) => _writes.Add(sql, values);
}
