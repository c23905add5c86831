using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>All subjects of a comparison, running side by side on one PostgreSQL.</summary>
internal sealed class Subjects : IAsyncDisposable
{
    private readonly List<Subject> _all = [];

    /// <summary>Those that take part.</summary>
    public IReadOnlyList<Subject> All => _all;

    /// <summary>What PostgreSQL alone can do; null: it does not take part.</summary>
    public Limit? Limit { get; private set; }

    /// <summary>Starts those that the settings name, and that can be built here.</summary>
    /// <exception cref="BenchException">None is left, or one does not start.</exception>
    public static async Task<Subjects> Start(
        Workbench bench, PostgresServer server, NpgsqlDataSource postgres, CancellationToken cancel)
    {
        var subjects = new Subjects();
        try
        {
            // First, because it starts a process for a moment.
            if (bench.Settings.Takes(Limit.Name)) subjects.Limit = await Limit.Prepare(bench, server.ConnectionString, cancel);
            await subjects.Add(bench, "single", () => Subject.SingleProcess(bench, server.ConnectionString, cancel));
            await subjects.Add(bench, "cluster", () => Subject.Cluster(bench, server.ConnectionString, silos: 3, cancel));
            await subjects.Add(bench, Subject.Reference, async () => await Subject.Plain(
                bench.Program("Plain"), await Database(server, postgres, "plain", cancel), cancel));
            await subjects.Add(bench, "naive", () => Subject.Naive(bench.Program("Naive"), server.ConnectionString, silos: 3, cancel));
            if (subjects.All.Count == 0 && subjects.Limit is null)
                throw new BenchException($"There is no {string.Join(" or ", bench.Settings.Only)} here.");
            return subjects;
        }
        catch
        {
            await subjects.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var subject in _all) await subject.DisposeAsync();
    }

    private static async Task<string> Database(PostgresServer server, NpgsqlDataSource postgres, string name, CancellationToken cancel)
    {
        await using var create = postgres.CreateCommand($"create database {name}");
        await create.ExecuteNonQueryAsync(cancel);
        return new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString;
    }

    private async Task Add(Workbench bench, string name, Func<Task<Subject>> start)
    {
        if (bench.Settings.Takes(name)) _all.Add(await start());
    }
}
