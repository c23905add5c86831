using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench.Sections;

/// <summary>One measurement of one subject.</summary>
/// <param name="Subject">Which.</param>
/// <param name="Load">What came of the load.</param>
/// <param name="Used">What that has cost.</param>
internal sealed record Round(string Subject, Loaded Load, Usage Used);

/// <summary>
/// What an order to cash costs, here and elsewhere: all subjects on one PostgreSQL, in turns, so that what the machine does meanwhile
/// strikes all alike.
/// </summary>
internal sealed class Orders : ISection
{
    /// <inheritdoc/>
    public string Name => "orders";

    /// <inheritdoc/>
    public string About => "An order to cash, here and elsewhere: rate, latency, CPU, commits, rows, WAL and memory.";

    /// <inheritdoc/>
    public Task<Findings> Measure(Workbench bench, CancellationToken cancel) => bench.WithPostgres(
        async (server, postgres) =>
        {
            bench.Tell("starting the subjects");
            await using var subjects = await Subjects.Start(bench, server, postgres, cancel);
            return await new Campaign(bench, subjects.All, server.ProcessId, postgres).Run(cancel);
        },
        cancel);

    /// <summary>Closed-loop rounds of each subject, and after them open-loop ones at half of what the reference could do.</summary>
    private sealed class Campaign(Workbench bench, IReadOnlyList<Subject> subjects, int postmaster, NpgsqlDataSource postgres)
    {
        private readonly Dictionary<Subject, OrderClient> _clients =
            subjects.ToDictionary(s => s, s => new OrderClient(s.Address, bench.Settings.Customers));

        private Settings Settings => bench.Settings;

        public async Task<Findings> Run(CancellationToken cancel)
        {
            foreach (var subject in subjects)
            {
                bench.Tell($"{subject.Name}: stocking and warming up");
                await _clients[subject].Stock(cancel);
                await Load.Closed(_clients[subject], Settings.Customers, Settings.WarmUp, seed: 0, cancel);
            }

            var closed = await InTurns(
                "orders as fast as they are served", (c, n) => Load.Closed(c, Settings.Customers, Settings.Time, n, cancel), cancel);
            var reference = closed.Any(r => r.Subject == Subject.Reference) ? Subject.Reference : closed[0].Subject;
            var rate = Figures.Median(closed.Where(r => r.Subject == reference).Select(r => r.Load.Rate)) / 2;
            var open = await InTurns($"{rate:0} orders a second", (c, n) => Load.Open(c, rate, Settings.Time, n, cancel), cancel);
            foreach (var client in _clients.Values) client.Dispose();
            return OrderSheets.Of(closed, open, reference, rate);
        }

        private async Task<IReadOnlyList<Round>> InTurns(
            string what, Func<OrderClient, int, Task<Loaded>> load, CancellationToken cancel)
        {
            var rounds = new List<Round>();
            for (var n = 1; n <= Settings.Rounds; n++)
                foreach (var subject in n % 2 == 1 ? subjects : subjects.Reverse())
                {
                    bench.Tell($"{subject.Name}: {what}, round {n} of {Settings.Rounds}");
                    var before = await Usage.Of(subject, postmaster, postgres, cancel);
                    var loaded = await load(_clients[subject], n);
                    var after = await Usage.Of(subject, postmaster, postgres, cancel);
                    rounds.Add(new Round(subject.Name, loaded, after.Since(before)));
                }

            return rounds;
        }
    }
}
