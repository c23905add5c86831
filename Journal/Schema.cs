using Npgsql;

namespace Commerce.Journal;

/// <summary>The journal's tables and functions, brought up to date when a database is opened.</summary>
internal static class Schema
{
    /// <summary>In order; one that was released is never edited, a change is a further one.</summary>
    private static readonly string[] Steps = [SchemaTables.Sql, SchemaAppend.Sql, SchemaAppend.AfterSql, SchemaCommit.Sql];

    /// <summary>The version that this software makes.</summary>
    public static int Newest => Steps.Length;

    /// <summary>Creates or migrates; returns how many partitions the database has.</summary>
    /// <exception cref="JournalSchemaException">The database was made by newer software.</exception>
    public static async Task<int> Prepare(NpgsqlDataSource source, string database, int partitions, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Migrations.Apply(transaction, database, "journal", Steps, cancel);
        await using var fill = new NpgsqlCommand(
            $"""
            insert into journal.partitions (id) select generate_series(0, {partitions - 1})
            where not exists (select from journal.partitions);
            """,
            connection, transaction);
        await fill.ExecuteNonQueryAsync(cancel);
        await using var ask = new NpgsqlCommand("select count(*) from journal.partitions", connection, transaction);
        var count = Convert.ToInt32(await ask.ExecuteScalarAsync(cancel));
        await transaction.CommitAsync(cancel);
        return count;
    }
}
