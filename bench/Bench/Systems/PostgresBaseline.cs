using System.Globalization;
using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>
/// PostgreSQL alone: pgbench writes the rows of one order to cash with one statement and one durable commit an order. Nothing is checked,
/// decided, answered or read, and no order waits for another one's row. A system that writes these rows can be faster only by letting
/// several orders share a commit.
/// </summary>
/// <remarks>
/// The rows are the appends of the single process's journals. Read models, alarms and checkpoints are not among them.
/// </remarks>
internal sealed class PostgresBaseline(string pgbench, NpgsqlConnectionStringBuilder database, string script)
{
    public const string Name = "limit";

    /// <summary>To connect all clients takes PostgreSQL a second or two, which must not be most of a round.</summary>
    private static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestTime = TimeSpan.FromMinutes(2);

    private long _orders = 1;

    /// <summary>Sends an order to a single process and prepares its rows; null where PostgreSQL has no <c>pgbench</c>.</summary>
    public static async Task<PostgresBaseline?> Prepare(
        BenchContext bench, string server, CancellationToken cancel, string name = Name)
    {
        if (Pgbench((await PostgresBinaries.Find(cancel: cancel)).Program("postgres")) is not { } pgbench)
        {
            bench.Tell("There is no pgbench beside PostgreSQL's other programs: the limit is left out");
            return null;
        }

        bench.Tell("limit: sending an order to see its rows");
        var database = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false };
        return new PostgresBaseline(pgbench, database, await RowTemplate.Prepare(bench, server, database, cancel));
    }

    /// <summary>
    /// Closed loop: each client has a connection and sends its next order when the last one is committed. On a busy machine the time may
    /// be over before all clients are connected; then they get more.
    /// </summary>
    public async Task<LoadReport> Load(int clients, TimeSpan time, CancellationToken cancel)
    {
        for (var longer = time > ShortestTime ? time : ShortestTime; longer < LongestTime; longer *= 2)
            if (await Run(clients, longer, cancel) is { Latencies.Length: > 0 } report) return report;
        throw new BenchException($"pgbench wrote no order within {LongestTime.TotalSeconds:0} s.");
    }

    private async Task<LoadReport> Run(int clients, TimeSpan time, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("commerce-pgbench-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "script.sql"), script, cancel);
            await using var run = ChildProgram.Start(
                "pgbench", "number of transactions actually processed: ",
                [
                    pgbench, "--no-vacuum", "--protocol", "prepared", "--file", "script.sql", "--define", $"n={_orders}",
                    "--client", $"{clients}", "--jobs", "1", "--time", $"{Math.Max(1, Math.Ceiling(time.TotalSeconds))}", "--log",
                ],
                new Dictionary<string, string>
                {
                    ["PGHOST"] = database.Host!, ["PGPORT"] = $"{database.Port}", ["PGDATABASE"] = database.Database!,
                    ["PGUSER"] = database.Username!, ["PGPASSWORD"] = database.Password!,
                },
                folder);
            await run.Answer(time + LongestTime, cancel);
            // A line a transaction: client, number, latency in microseconds, script, and its end in seconds and microseconds.
            var orders = Directory.EnumerateFiles(folder, "pgbench_log*").SelectMany(File.ReadLines)
                .Select(l => l.Split(' ').Select(f => double.Parse(f, CultureInfo.InvariantCulture)).ToArray())
                .Select(f => (Milliseconds: f[2] / 1000, End: f[4] + (f[5] / 1e6))).ToList();
            if (orders.Count == 0) return new LoadReport(time.TotalSeconds, [], 0, null);
            _orders += orders.Count + 1; // no client can have sent more than all together
            var seconds = orders.Max(o => o.End) - orders.Min(o => o.End - (o.Milliseconds / 1000));
            return new LoadReport(seconds, [.. orders.Select(o => o.Milliseconds).Order()], 0, null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? Pgbench(string postgres)
    {
        var real = File.ResolveLinkTarget(postgres, returnFinalTarget: true)?.FullName ?? postgres;
        return new[] { postgres, real }.Select(p => Path.Combine(Path.GetDirectoryName(p)!, "pgbench")).FirstOrDefault(File.Exists);
    }
}
