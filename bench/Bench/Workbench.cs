using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>How much is to be measured.</summary>
/// <param name="Quick">Some minutes in all; else as long as good figures take.</param>
/// <param name="Rounds">Of each subject, alternating.</param>
/// <param name="WarmUp">Load before the first round, of each subject.</param>
/// <param name="Time">Of one round.</param>
/// <param name="Customers">Who order at the same time.</param>
/// <param name="Only">The subjects that take part; empty: all.</param>
internal sealed record Settings(
    bool Quick, int Rounds, TimeSpan WarmUp, TimeSpan Time, int Customers, IReadOnlyList<string> Only)
{
    public static readonly Settings Usual = new(false, 5, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), 64, []);

    public static readonly Settings InMinutes = new(true, 2, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(3), 64, []);

    /// <summary>Whether a subject takes part.</summary>
    public bool Takes(string subject) => Only.Count == 0 || Only.Contains(subject);
}

/// <summary>What every section measures with: the built programs, and a PostgreSQL of its own, durable as in production.</summary>
internal sealed class Workbench(string programs, Settings settings, Action<string> tell)
{
    /// <summary>The folder of the built programs, one folder each.</summary>
    public string Programs => programs;

    /// <summary>How much is to be measured.</summary>
    public Settings Settings => settings;

    /// <summary>The version of the PostgreSQL that was measured with; null: none yet.</summary>
    public string? Postgres { get; private set; }

    /// <summary>Tells who waits what is going on.</summary>
    public void Tell(string what) => tell(what);

    /// <summary>
    /// Each in every round, every other round backwards, so that none always comes first. Who waits is told
    /// <paramref name="what"/>, and the round, before its turn.
    /// </summary>
    public IEnumerable<(T One, int Round)> InTurns<T>(IReadOnlyList<T> all, int rounds, Func<T, string> what)
    {
        for (var n = 1; n <= rounds; n++)
            foreach (var one in n % 2 == 1 ? all : all.Reverse())
            {
                tell($"{what(one)} round {n} of {rounds}");
                yield return (one, n);
            }
    }

    /// <summary>Whether the cluster can be measured: without Orleans there is no silo.</summary>
    public bool HasOrleans => File.Exists(Program("Silo"));

    /// <summary>Where one of the built programs is.</summary>
    public string Program(string name) => Path.Combine(programs, name, $"Commerce.{name}.dll");

    /// <summary>A server with nothing in it, for as long as <paramref name="work"/> takes; then it is gone, with its files.</summary>
    public async Task<T> WithPostgres<T>(Func<PostgresServer, NpgsqlDataSource, Task<T>> work, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("commerce-bench-").FullName;
        try
        {
            await using var server = await PostgresServer.Start(
                new PostgresServerOptions(Path.Combine(folder, "postgres")) { MaxConnections = 800 }, new Progress<string>(tell), cancel);
            await using var source = NpgsqlDataSource.Create(server.ConnectionString);
            await using (var version = source.CreateCommand("show server_version"))
                Postgres = (string?)await version.ExecuteScalarAsync(cancel);
            await BreakIn(source, cancel);
            return await work(server, source);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>
    /// A server that has run for a while writes its log into files that are there. A new one stops all commits for each new file, which
    /// would strike whoever writes most.
    /// </summary>
    private async Task BreakIn(NpgsqlDataSource source, CancellationToken cancel)
    {
        tell("breaking PostgreSQL in");
        var megabytes = settings.Quick ? 500 : 2_000;
        var write = $"select pg_logical_emit_message(false, 'bench', repeat('x', 1024 * 1024)) from generate_series(1, {megabytes})";
        foreach (var sql in (string[])[write, "checkpoint"])
        {
            await using var command = source.CreateCommand(sql);
            command.CommandTimeout = 0;
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}
