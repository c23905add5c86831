using Npgsql;

namespace Commerce.Journal;

/// <summary>Connections to the server, and the databases on it.</summary>
internal static class Server
{
    /// <summary>
    /// For the journal's own statements: an index serves each, so plans must not turn to whole tables while a young table has no
    /// statistics; and committed means on disk, whatever the server's default is.
    /// </summary>
    private const string JournalSettings =
        "-c synchronous_commit=on -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off "
        + "-c plan_cache_mode=force_generic_plan";

    /// <summary>
    /// Connections for read models: what they set, they set to the end of the transaction; they ask the same again and again, of tables
    /// that grow, so each time it is planned for the table as it is.
    /// </summary>
    public static NpgsqlDataSource Connect(string connectionString, string database, JournalOptions options)
    {
        var described = Describe(connectionString, database, options);
        described.NoResetOnClose = true;
        described.Options = $"{described.Options} -c plan_cache_mode=force_custom_plan".Trim();
        return NpgsqlDataSource.Create(described);
    }

    /// <summary>Connections for the journal.</summary>
    public static NpgsqlDataSource ConnectJournal(string connectionString, string database, JournalOptions options)
    {
        var described = Describe(connectionString, database, options);
        described.Options = $"{described.Options} {JournalSettings}".Trim();
        described.NoResetOnClose = true; // the journal leaves nothing behind in a session
        return NpgsqlDataSource.Create(described);
    }

    /// <summary>
    /// Connections for Orleans, which knows its tables without a schema and counts on the usual isolation, whatever the server's default.
    /// </summary>
    public static string DescribeCluster(string connectionString, string database, JournalOptions options)
    {
        var described = Describe(connectionString, database, options);
        described.SearchPath = ClusterSchema.Name;
        described.Options = $@"{described.Options} -c default_transaction_isolation=read\ committed".Trim();
        described.MaxPoolSize = JournalOptions.ClusterConnections;
        return described.ConnectionString;
    }

    /// <summary>
    /// Asks something that changes nothing. A connection may be from before an outage: then it is asked once more, on a new one.
    /// </summary>
    public static async Task<T> Surely<T>(this NpgsqlDataSource source, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception problem) when (Failures.IsBroken(problem))
        {
            source.Clear();
            return await ask();
        }
    }

    /// <summary>Creates the database unless it is there, perhaps at the same time as another process.</summary>
    /// <returns>True when it was created.</returns>
    public static async Task<bool> EnsureDatabase(
        string connectionString, string database, JournalOptions options, CancellationToken cancel)
    {
        var described = Describe(connectionString, null, options);
        described.Pooling = false;
        await using var source = NpgsqlDataSource.Create(described);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection);
        exists.Parameters.Add(new() { Value = database });
        if (await exists.ExecuteScalarAsync(cancel) is not null) return false;

        await using var create = new NpgsqlCommand($"create database \"{database}\" encoding 'UTF8' template template0", connection);
        create.CommandTimeout = 60;
        try
        {
            await create.ExecuteNonQueryAsync(cancel);
            return true;
        }
        catch (PostgresException other) when (other.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new JournalSchemaException(
                $"The database '{database}' is missing and the user '{described.Username}' may not create it. "
                + $"Have it created: create database {database} owner {described.Username}", denied);
        }
    }

    private static NpgsqlConnectionStringBuilder Describe(string connectionString, string? database, JournalOptions options)
    {
        var described = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds),
            CommandTimeout = (int)Math.Ceiling(options.CommandTimeout.TotalSeconds),
            MaxPoolSize = options.MaxConnections,
            // Never by itself: when a statement fails just as Npgsql prepares it unasked, the connection is out of step from then on.
            MaxAutoPrepare = 0,
        };
        if (database is not null) described.Database = database;
        described.ApplicationName = $"commerce {described.Database}";
        return described;
    }
}
