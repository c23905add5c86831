using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench;

/// <summary>How much is to be measured.</summary>
/// <param name="Rounds">Of each subject, alternating.</param>
/// <param name="WarmUp">Load before the first round, of each subject.</param>
/// <param name="Time">Of one round.</param>
/// <param name="Customers">Who order at the same time.</param>
internal sealed record Settings(int Rounds, TimeSpan WarmUp, TimeSpan Time, int Customers)
{
    public static readonly Settings Usual = new(5, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20), 64);

    public static readonly Settings Quick = new(3, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(8), 64);
}

/// <summary>One measurement of one subject.</summary>
/// <param name="Subject">Which.</param>
/// <param name="Load">What came of the load.</param>
/// <param name="Used">What that has cost.</param>
internal sealed record Round(string Subject, Loaded Load, Usage Used);

/// <summary>Measures all subjects on one durable PostgreSQL, in turns, so that what the machine does meanwhile strikes all alike.</summary>
internal sealed class Campaign(string programs, Settings settings, Action<string> tell)
{
    /// <summary>Closed-loop rounds of each subject, and after them open-loop ones at half of what <c>plain</c> could do.</summary>
    public async Task<(IReadOnlyList<Round> Closed, IReadOnlyList<Round> Open)> Run(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("commerce-bench-").FullName;
        try
        {
            await using var server = await PostgresServer.Start(
                new PostgresServerOptions(Path.Combine(folder, "postgres")) { MaxConnections = 600 }, new Progress<string>(tell), cancel);
            await using var postgres = NpgsqlDataSource.Create(server.ConnectionString);
            await using var plainDatabase = postgres.CreateCommand("create database plain");
            await plainDatabase.ExecuteNonQueryAsync(cancel);
            tell("starting the subjects");
            await using var single = await Subject.SingleProcess(programs, server.ConnectionString, cancel);
            var itsDatabase = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "plain" }.ConnectionString;
            await using var plain = await Subject.Plain(Subject.Program(programs, "Plain"), itsDatabase, cancel);
            if (!File.Exists(Subject.Program(programs, "Silo")))
                return await Measure([single, plain], plain, server.ProcessId, postgres, cancel); // built without Orleans
            await using var cluster = await Subject.Cluster(programs, server.ConnectionString, silos: 3, cancel);
            return await Measure([single, cluster, plain], plain, server.ProcessId, postgres, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<(IReadOnlyList<Round> Closed, IReadOnlyList<Round> Open)> Measure(
        IReadOnlyList<Subject> subjects, Subject reference, int postmaster, NpgsqlDataSource postgres, CancellationToken cancel)
    {
        var clients = subjects.ToDictionary(s => s, s => new OrderClient(s.Address, settings.Customers));
        foreach (var subject in subjects)
        {
            tell($"{subject.Name}: stocking and warming up");
            await clients[subject].Stock(cancel);
            await Load.Closed(clients[subject], settings.Customers, settings.WarmUp, seed: 0, cancel);
        }

        var closed = await InTurns(
            "orders as fast as they are served", (c, n) => Load.Closed(c, settings.Customers, settings.Time, n, cancel));
        var rate = Figures.Median(closed.Where(r => r.Subject == reference.Name).Select(r => r.Load.Rate)) / 2;
        var open = await InTurns($"{rate:0} orders a second", (c, n) => Load.Open(c, rate, settings.Time, n, cancel));
        foreach (var client in clients.Values) client.Dispose();
        return (closed, open);

        async Task<IReadOnlyList<Round>> InTurns(string what, Func<OrderClient, int, Task<Loaded>> load)
        {
            var rounds = new List<Round>();
            for (var n = 1; n <= settings.Rounds; n++)
                foreach (var subject in n % 2 == 1 ? subjects : subjects.Reverse())
                {
                    tell($"{subject.Name}: {what}, round {n} of {settings.Rounds}");
                    var before = await Usage.Of(subject, postmaster, postgres, cancel);
                    var loaded = await load(clients[subject], n);
                    var after = await Usage.Of(subject, postmaster, postgres, cancel);
                    rounds.Add(new Round(subject.Name, loaded, after.Since(before)));
                }

            return rounds;
        }
    }
}
