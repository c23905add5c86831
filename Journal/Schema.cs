using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>The journal's tables and functions, brought up to date when a database is opened.</summary>
internal static class Schema
{
    /// <summary>In order; one that was released is never edited, a change is a further one.</summary>
    private static readonly string[] Steps =
        [SchemaTables.Sql, SchemaAppend.Sql, SchemaAppend.AfterSql, SchemaCommit.Sql, SchemaLayout.Sql];

    /// <summary>The version that this software makes.</summary>
    public static int Newest => Steps.Length;

    /// <summary>Creates or migrates; returns how the database is spread over how many partitions.</summary>
    /// <exception cref="JournalSchemaException">The database was made by newer software.</exception>
    public static async Task<Partitioning> Prepare(
        NpgsqlDataSource source, string database, Capability capability, int partitions, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Migrations.Apply(transaction, database, "journal", Steps, cancel);
        await using var fill = new NpgsqlCommand(
            $"""
            insert into journal.partitions (id) select generate_series(0, {partitions - 1})
            where not exists (select from journal.partitions);
            insert into journal.layout select '{SchemaLayout.ByFamily}' where not exists (select from journal.layout);
            """,
            connection, transaction);
        await fill.ExecuteNonQueryAsync(cancel);
        var (count, spreadBy) = await Read(transaction, cancel);
        await transaction.CommitAsync(cancel);
        return spreadBy == SchemaLayout.ByFamily ? Partitioning.ByFamily(count, capability) : Partitioning.ByName(count);
    }

    private static async Task<(int Count, string SpreadBy)> Read(NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(
            "select (select count(*)::int from journal.partitions), spread_by from journal.layout", transaction.Connection, transaction);
        await using var row = await ask.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return (row.GetInt32(0), row.GetString(1));
    }
}
