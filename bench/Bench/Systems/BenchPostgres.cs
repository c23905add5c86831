using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>A private PostgreSQL, durable as in production. Disposing removes its files.</summary>
internal sealed class BenchPostgres : IAsyncDisposable
{
    private readonly string _folder;
    private readonly PostgresServer _server;

    private BenchPostgres(string folder, PostgresServer server) =>
        (_folder, _server, Source) = (folder, server, NpgsqlDataSource.Create(server.ConnectionString));

    public string ConnectionString => _server.ConnectionString;

    /// <summary>The maintenance database.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Starts an empty server.</summary>
    /// <param name="folder">Its folder, which is created.</param>
    /// <param name="megabytes">
    /// Log that is written first. A new server stops all commits for each new log file; one that has run for a while reuses files.
    /// </param>
    /// <param name="tell">Reports progress.</param>
    /// <param name="cancel">Cancels the start.</param>
    public static async Task<BenchPostgres> Start(string folder, int megabytes, Action<string> tell, CancellationToken cancel)
    {
        var options = new PostgresServerOptions(folder) { MaxConnections = 800 };
        var started = new BenchPostgres(folder, await PostgresServer.Start(options, new Progress<string>(tell), cancel));
        try
        {
            tell("writing PostgreSQL's first log files");
            await started.Run(
                $"select pg_logical_emit_message(false, 'bench', repeat('x', 1024 * 1024)) from generate_series(1, {megabytes})", cancel);
            await started.Run("checkpoint", cancel);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a database and returns its connection string.</summary>
    public async Task<string> Create(string name, CancellationToken cancel)
    {
        await Run($"create database {name}", cancel);
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }

    /// <summary>Removes the databases whose names begin with <c>PREFIX_</c>.</summary>
    public async Task Drop(string prefix, CancellationToken cancel)
    {
        var names = new List<string>();
        await using (var all = Source.CreateCommand($"select datname from pg_database where starts_with(datname, '{prefix}_')"))
        await using (var row = await all.ExecuteReaderAsync(cancel))
            while (await row.ReadAsync(cancel)) names.Add(row.GetString(0));
        foreach (var name in names) await Run($"drop database \"{name}\" with (force)", cancel);
    }

    /// <summary>What the system has used so far, of this server too; null: all of this server.</summary>
    public Task<ProcessUsage> Usage(SystemUnderTest? system, CancellationToken cancel) =>
        ProcessUsage.Read(system?.ProcessIds ?? [], _server.ProcessId, system?.Databases ?? "", Source, cancel);

    public async Task<string> Version(CancellationToken cancel)
    {
        await using var version = Source.CreateCommand("show server_version");
        return (string)(await version.ExecuteScalarAsync(cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Run(string sql, CancellationToken cancel)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
