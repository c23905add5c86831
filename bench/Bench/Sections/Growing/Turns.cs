using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench.Sections.Growing;

/// <summary>One of several that are compared.</summary>
internal sealed record Contender(string Name, Subject Subject, OrderClient Client);

/// <summary>What came of comparing: the goals, a chart where it helps, and every round.</summary>
internal sealed record Part(
    string Title, IReadOnlyList<string> Columns, IReadOnlyList<Goal> Goals, IReadOnlyList<Round> Rounds, Chart? Chart = null);

/// <summary>Measures with one PostgreSQL, contenders in turns, so that what the machine does meanwhile strikes all alike.</summary>
internal sealed class Turns(Workbench bench, PostgresServer server, NpgsqlDataSource postgres)
{
    /// <summary>Where the PostgreSQL is.</summary>
    public string ConnectionString => server.ConnectionString;

    /// <summary>With what is measured.</summary>
    public Workbench Bench => bench;

    /// <summary>How long a round takes; there are many.</summary>
    public TimeSpan Time => bench.Settings.Time / (bench.Settings.Quick ? 3 : 2);

    /// <summary>How many rounds there are of what takes long to begin.</summary>
    public int FewRounds => Math.Min(bench.Settings.Rounds, 3);

    /// <summary>Rounds of orders as fast as they are served, after a warm-up of each.</summary>
    public async Task<IReadOnlyList<Round>> Run(IReadOnlyList<Contender> contenders, CancellationToken cancel)
    {
        foreach (var one in contenders)
        {
            bench.Tell($"{one.Name}: warming up");
            await Load.Closed(one.Client, bench.Settings.Customers, bench.Settings.WarmUp / 4, seed: 0, cancel);
        }

        var rounds = new List<Round>();
        foreach (var (one, n) in bench.InTurns(contenders, bench.Settings.Rounds, c => $"{c.Name}:"))
            rounds.Add(await Round(one, n, cancel));
        return rounds;
    }

    /// <summary>One of them.</summary>
    public async Task<Round> Round(Contender one, int seed, CancellationToken cancel)
    {
        var before = await Used(one.Subject, cancel);
        var loaded = await Load.Closed(one.Client, bench.Settings.Customers, Time, seed, cancel);
        var round = new Round(one.Name, loaded, (await Used(one.Subject, cancel)).Since(before));
        return loaded.Latencies.Length > 0 ? round : throw new BenchException($"{one.Name}: no order succeeded. {loaded.FirstError}");
    }

    /// <summary>What has been used so far.</summary>
    public Task<Usage> Used(Subject subject, CancellationToken cancel) => Usage.Of(subject, server.ProcessId, postgres, cancel);

    /// <summary>CPU milliseconds an order, of the subject and of PostgreSQL, round by round.</summary>
    public static IReadOnlyList<double> Cpu(IEnumerable<Round> rounds, string name) =>
        [.. rounds.Where(r => r.Subject == name).Select(r => r.Cpu)];

    /// <summary>Orders a second, round by round.</summary>
    public static IReadOnlyList<double> Rate(IEnumerable<Round> rounds, string name) =>
        [.. rounds.Where(r => r.Subject == name).Select(r => r.Load.Rate)];

    /// <summary>What <see cref="Cells"/> gives.</summary>
    public static readonly IReadOnlyList<string> Columns = ["CPU ms an order", "PostgreSQL's", "WAL KB", "orders a second"];

    /// <summary>CPU and rate in words.</summary>
    public static IReadOnlyList<string> Cells(IReadOnlyList<Round> rounds, string name)
    {
        var of = rounds.Where(r => r.Subject == name).ToList();
        return
        [
            Figures.Spread(Cpu(rounds, name), "0.00"),
            $"{100 * Figures.Median(of.Select(r => r.Used.PostgresCpu / (r.Used.SubjectCpu + r.Used.PostgresCpu))):0} %",
            $"{Figures.Median(of.Select(r => r.Used.WalBytes / 1e3 / r.Load.Latencies.Length)):0.0}",
            Figures.Spread(Rate(rounds, name), "#,0"),
        ];
    }

    /// <summary>CPU an order as bars.</summary>
    public static Chart Bars(string title, IReadOnlyList<string> names, IReadOnlyList<Round> rounds) =>
        new(title, "ms", [.. names.Select(name => Figures.BarOf(name, Cpu(rounds, name)))]);
}
