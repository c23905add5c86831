using Npgsql;

namespace Commerce.Journal;

/// <summary>The journal's tables and functions, brought up to date when a database is opened.</summary>
internal static class Schema
{
    /// <summary>Any number; it names the lock that lets one process at a time do this.</summary>
    private const long MigrationLock = 7_235_914_480_023;

    /// <summary>In order; one that was released is never edited, a change is a further one.</summary>
    private static readonly string[] Migrations = [SchemaTables.Sql, SchemaAppend.Sql];

    /// <summary>The version that this software makes.</summary>
    public static int Newest => Migrations.Length;

    /// <summary>Creates or migrates; returns how many partitions the database has.</summary>
    /// <exception cref="JournalSchemaException">The database was made by newer software.</exception>
    public static async Task<int> Prepare(NpgsqlDataSource source, string database, int partitions, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await Run($"select pg_advisory_xact_lock({MigrationLock})");
        await Run("create schema if not exists journal");
        await Run(
            "create table if not exists journal.schema_version (version int not null, applied_at timestamptz not null default now())");
        var version = Convert.ToInt32(await Run("select coalesce(max(version), 0) from journal.schema_version"));
        if (version > Newest)
            throw new JournalSchemaException(
                $"The database '{database}' has journal version {version}, but this software knows only up to {Newest}. "
                + "Start the software version that last used it, or a newer one; nothing was changed.");

        for (var next = version; next < Newest; next++)
        {
            await Run(Migrations[next]);
            await Run($"insert into journal.schema_version (version) values ({next + 1})");
        }

        await Run($"""
            insert into journal.partitions (id) select generate_series(0, {partitions - 1})
            where not exists (select from journal.partitions)
            """);
        var count = Convert.ToInt32(await Run("select count(*) from journal.partitions"));
        await transaction.CommitAsync(cancel);
        return count;

        async Task<object?> Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            return await command.ExecuteScalarAsync(cancel);
        }
    }
}
