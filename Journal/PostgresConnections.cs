using Commerce.Kernel;
using Npgsql;

namespace Commerce.Journal;

/// <summary>Connections to the server, and the databases on it.</summary>
public static class PostgresConnections
{
    /// <summary>
    /// For the journal's own statements: an index serves each in its order, so plans must not turn to whole tables or ranges while a young
    /// table has no statistics; and committed means on disk, independent of the server's default.
    /// </summary>
    private const string JournalSettings =
        "-c synchronous_commit=on -c enable_seqscan=off -c enable_bitmapscan=off -c enable_hashjoin=off "
        + "-c enable_mergejoin=off -c plan_cache_mode=force_generic_plan";

    /// <summary>
    /// Connections for read models: their settings last to the end of the transaction; the same queries run again and again on growing
    /// tables, so each run is planned for the table as it is.
    /// </summary>
    internal static NpgsqlDataSource Connect(string connectionString, string database, JournalOptions options)
    {
        var described = Describe(connectionString, database, options);
        described.NoResetOnClose = true;
        described.Options = $"{described.Options} -c plan_cache_mode=force_custom_plan".Trim();
        return NpgsqlDataSource.Create(described);
    }

    /// <summary>Connections for the journal.</summary>
    internal static NpgsqlDataSource ConnectJournal(string connectionString, string database, JournalOptions options)
    {
        var described = Describe(connectionString, database, options);
        described.Options = $"{described.Options} {JournalSettings}".Trim();
        described.NoResetOnClose = true; // the journal leaves nothing behind in a session
        return NpgsqlDataSource.Create(described);
    }

    /// <summary>
    /// Runs a query that changes nothing. A pooled connection may be from before an outage: then the query runs once more, on a new one.
    /// </summary>
    public static async Task<T> ReadWithRetry<T>(this NpgsqlDataSource source, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception problem) when (PostgresFailures.IsBroken(problem))
        {
            source.Clear();
            return await ask();
        }
    }

    /// <summary>True when the database answers.</summary>
    public static async Task<bool> Answers(this NpgsqlDataSource source, CancellationToken cancel)
    {
        try
        {
            await using var command = source.CreateCommand("select 1");
            return await command.ExecuteScalarAsync(cancel) is not null;
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            return false; // no answer is a result here
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

    /// <summary>Opens a database and says of a failure which database it was.</summary>
    /// <exception cref="UnavailableException">The server cannot be reached.</exception>
    /// <exception cref="JournalSchemaException">The server refuses.</exception>
    public static async Task<T> Guarded<T>(string database, Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (PostgresException problem) when (PostgresFailures.IsRefusal(problem) && !PostgresFailures.IsPassing(problem))
        {
            throw new JournalSchemaException(
                $"The database '{database}' cannot be opened: {problem.MessageText} ({problem.SqlState}).", problem);
        }
        catch (NpgsqlException problem)
        {
            throw PostgresFailures.Unavailable(database, problem);
        }
    }

    /// <summary>How connections to a database are made; without one, to the one that the connection string names.</summary>
    public static NpgsqlConnectionStringBuilder Describe(string connectionString, string? database, JournalOptions options)
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
