using Commerce.Bench.Data;
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

    /// <summary>
    /// The product itself, single process and cluster, for a section that is of nothing else. A cluster takes its
    /// time: a quick run starts it only for who asks for it by name.
    /// </summary>
    /// <param name="section">Who asks.</param>
    /// <param name="postgres">The server they are to use.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="BenchException">None of them takes part.</exception>
    public IReadOnlyList<(string Name, Func<Task<Subject>> Start)> Product(string section, string postgres, CancellationToken cancel)
    {
        var ways = new List<(string, Func<Task<Subject>>)>();
        if (settings.Takes("single")) ways.Add(("single", () => Subject.SingleProcess(this, postgres, cancel)));
        if (settings.Takes("cluster"))
        {
            if (!settings.Quick || settings.Only.Contains("cluster"))
                ways.Add(("cluster", () => Subject.Cluster(this, postgres, silos: 3, cancel)));
            else Tell("without the cluster, which takes its time: --only cluster measures it");
        }

        return ways.Count > 0
            ? ways
            : throw new BenchException(
                $"{section} measures single and cluster: --only {string.Join(',', settings.Only)} leaves nothing.");
    }

    /// <summary>Where one of the built programs is.</summary>
    public string Program(string name) => Path.Combine(programs, name, $"Commerce.{name}.dll");

    /// <summary>Installations with many orders, for all sections that want some.</summary>
    public Grown Grown => field ??= new Grown(this);

    /// <summary>A server with nothing in it.</summary>
    public async Task<OwnPostgres> StartPostgres(CancellationToken cancel)
    {
        var started = await OwnPostgres.Start(settings.Quick ? 500 : 2_000, tell, cancel);
        try
        {
            await using var version = started.Source.CreateCommand("show server_version");
            Postgres = (string?)await version.ExecuteScalarAsync(cancel);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>A server with nothing in it, for as long as <paramref name="work"/> takes; then it is gone, with its files.</summary>
    public async Task<T> WithPostgres<T>(Func<PostgresServer, NpgsqlDataSource, Task<T>> work, CancellationToken cancel)
    {
        await using var postgres = await StartPostgres(cancel);
        return await work(postgres.Server, postgres.Source);
    }
}
