using Commerce.Engine;
using Commerce.Journal;
using Commerce.Kernel;
using Npgsql;

namespace Commerce.ReadModels;

/// <summary>Queries a read model's complete tables.</summary>
internal sealed class ReadModelReader(ReadModel model, NpgsqlDataSource database)
{
    public async Task<List<T>> All<T>(
        string sql, IReadOnlyList<object> values, Func<NpgsqlDataReader, T> row, CancellationToken cancel)
    {
        try
        {
            return await database.ReadWithRetry(async () =>
            {
                await using var command = database.CreateCommand(sql);
                command.Parameters.AddRange(values);
                return await command.All(row, cancel);
            });
        }
        catch (PostgresException problem) when (ProjectionSchema.IsGone(problem))
        {
            throw new UnavailableException(
                $"The list '{model.Name}' is being built from the journal and is not complete yet.", PostgresFailures.RetryAfter, problem);
        }
        catch (NpgsqlException problem) when (problem is not PostgresException || problem.IsTransient)
        {
            throw PostgresFailures.Unavailable(model.Capability.Name, problem);
        }
    }
}
