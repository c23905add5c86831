using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>A PostgreSQL that is measured with: durable as in production, and gone with its files when it is disposed of.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private const string Prefix = "commerce-bench-postgres-";
    private readonly string _folder;

    private OwnPostgres(string folder, PostgresServer server) =>
        (_folder, Server, Source) = (folder, server, NpgsqlDataSource.Create(server.ConnectionString));

    /// <summary>The server.</summary>
    public PostgresServer Server { get; }

    /// <summary>Its maintenance database.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>One with nothing in it.</summary>
    /// <param name="megabytes">How much it has written before it is measured with.</param>
    /// <param name="tell">Tells who waits.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<OwnPostgres> Start(int megabytes, Action<string> tell, CancellationToken cancel)
    {
        if (RemoveLeftOvers(Path.GetTempPath()) is > 0 and var left) tell($"removed databases that killed benches had left: {left}");
        var folder = Directory.CreateTempSubdirectory(Prefix).FullName;
        OwnPostgres? started = null;
        try
        {
            var options = new PostgresServerOptions(Files(folder)) { MaxConnections = 800 };
            started = new OwnPostgres(folder, await PostgresServer.Start(options, new Progress<string>(tell), cancel));
            tell("breaking PostgreSQL in");
            await started.BreakIn(megabytes, cancel);
            return started;
        }
        catch
        {
            if (started is not null) await started.DisposeAsync();
            else Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A bench that is killed cannot remove its files, of gigabytes: the next one does, once nobody has them locked.</summary>
    /// <param name="folder">Where benches make theirs.</param>
    /// <returns>How many were removed.</returns>
    public static int RemoveLeftOvers(string folder)
    {
        var removed = 0;
        foreach (var own in Directory.EnumerateDirectories(folder, Prefix + "*"))
        {
            var postgres = Files(own);
            if (!File.Exists(Path.Combine(postgres, "lock"))) continue; // just being made
            try
            {
                using (FolderLock.Take(postgres)) Directory.Delete(own, recursive: true);
                removed++;
            }
            catch (Exception problem) when (problem is LocalPostgresException or UnauthorizedAccessException or IOException)
            {
                // It is in use, or another user's.
            }
        }

        return removed;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Files(string folder) => Path.Combine(folder, "postgres");

    /// <summary>
    /// A server that has run for a while writes its log into files that are there. A new one stops all commits for each new file, which
    /// would strike whoever writes most.
    /// </summary>
    private async Task BreakIn(int megabytes, CancellationToken cancel)
    {
        var write = $"select pg_logical_emit_message(false, 'bench', repeat('x', 1024 * 1024)) from generate_series(1, {megabytes})";
        foreach (var sql in (string[])[write, "checkpoint"])
        {
            await using var command = Source.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}
