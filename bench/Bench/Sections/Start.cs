using System.Diagnostics;
using Npgsql;

namespace Commerce.Bench.Sections;

/// <summary>One start.</summary>
/// <param name="Subject">Of what.</param>
/// <param name="Databases">Whether it had to make its databases.</param>
/// <param name="Seconds">Until it said that it is ready.</param>
/// <param name="Cpu">Seconds of CPU of its processes by then.</param>
/// <param name="PostgresCpu">Seconds of CPU of PostgreSQL meanwhile.</param>
internal sealed record Started(string Subject, string Databases, double Seconds, double Cpu, double PostgresCpu);

/// <summary>From built programs to ready.</summary>
internal sealed class Start : ISection
{
    private const string Made = "makes its databases";
    private const string There = "databases are there";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => "start";

    public string About => "From built programs to ready, with PostgreSQL running: the single process, and three silos with their gateway.";

    public Task<Findings> Measure(Workbench bench, CancellationToken cancel) => bench.WithPostgres(
        async (server, postgres) =>
        {
            var starts = new List<Started>();
            var subjects = bench.Product(Name, server.ConnectionString, cancel);
            for (var n = 1; n <= (bench.Settings.Quick ? 1 : bench.Settings.Rounds); n++)
                foreach (var (name, start) in subjects)
                    foreach (var databases in new[] { Made, There })
                    {
                        bench.Tell($"{name}, {databases}, start {n}");
                        if (databases == Made) await Drop(postgres, name, cancel);
                        starts.Add(await Once(name, databases, start, server.ProcessId, postgres, cancel));
                    }

            return Told(starts);
        },
        cancel);

    /// <summary>The tables of what was measured.</summary>
    internal static Findings Told(IReadOnlyList<Started> starts)
    {
        var kinds = starts.Select(s => (s.Subject, s.Databases)).Distinct().ToList();
        IReadOnlyList<double> Values((string, string) kind, Func<Started, double> of) =>
            [.. starts.Where(s => (s.Subject, s.Databases) == kind).Select(of)];
        return new Findings(
            [
                new Sheet(
                    "From built programs to ready (median, least to most)",
                    ["", "starts", "seconds", "CPU seconds, its processes", "CPU seconds, PostgreSQL"],
                    [
                        .. kinds.Select(k => (string[])
                        [
                            $"{k.Subject}, {k.Databases}", $"{Values(k, _ => 1).Count}", Figures.Spread(Values(k, s => s.Seconds), "0.00"),
                            Figures.Spread(Values(k, s => s.Cpu), "0.00"), Figures.Spread(Values(k, s => s.PostgresCpu), "0.00"),
                        ]),
                    ]),
            ],
            [new Chart("From built programs to ready", "s",
                [.. kinds.Select(k => Figures.BarOf($"{k.Subject}, {k.Databases}", Values(k, s => s.Seconds)))])],
            starts);
    }

    private static async Task<Started> Once(
        string name, string databases, Func<Task<Subject>> start, int postmaster, NpgsqlDataSource postgres, CancellationToken cancel)
    {
        var since = Stopwatch.StartNew();
        var before = Usage.OfPostgres(postmaster);
        await using var subject = await start();
        var seconds = since.Elapsed.TotalSeconds;
        var after = await Usage.Of(subject, postmaster, postgres, cancel);
        // As an operator would: what is killed is waited for by those that start next.
        foreach (var process in subject.Processes.Reverse())
            if (!await process.Stop(Patience)) throw new BenchException($"{name} did not stop within {Patience.TotalSeconds:0} s.");
        return new Started(name, databases, seconds, after.SubjectCpu, after.PostgresCpu - before);
    }

    private static async Task Drop(NpgsqlDataSource postgres, string prefix, CancellationToken cancel)
    {
        var names = new List<string>();
        await using (var all = postgres.CreateCommand($"select datname from pg_database where datname like '{prefix}\\_%'"))
        await using (var row = await all.ExecuteReaderAsync(cancel))
            while (await row.ReadAsync(cancel)) names.Add(row.GetString(0));
        foreach (var name in names)
        {
            await using var drop = postgres.CreateCommand($"drop database \"{name}\" with (force)");
            await drop.ExecuteNonQueryAsync(cancel);
        }
    }
}
