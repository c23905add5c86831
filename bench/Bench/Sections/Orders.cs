using Commerce.LocalPostgres;
using Npgsql;

namespace Commerce.Bench.Sections;

/// <summary>One measurement of one subject.</summary>
/// <param name="Subject">Which.</param>
/// <param name="Load">What came of the load.</param>
/// <param name="Used">What that has cost.</param>
internal sealed record Round(string Subject, Loaded Load, Usage Used)
{
    /// <summary>CPU milliseconds an order, of the subject and of PostgreSQL.</summary>
    public double Cpu => 1000 * (Used.SubjectCpu + Used.PostgresCpu) / Load.Latencies.Length;
}

/// <summary>
/// What an order to cash costs, here and elsewhere: all subjects on one PostgreSQL, in turns, so that what the machine does meanwhile
/// strikes all alike.
/// </summary>
internal sealed class Orders : ISection
{
    public string Name => "orders";

    public string About => "An order to cash, here and elsewhere: rate, latency, CPU, commits, rows, WAL and memory.";

    public Task<Findings> Measure(Workbench bench, CancellationToken cancel) => bench.WithPostgres(
        async (server, postgres) =>
        {
            bench.Tell("starting the subjects");
            await using var subjects = await Subjects.Start(bench, server, postgres, cancel);
            return await new Campaign(bench, subjects.All, subjects.Limit, server.ProcessId, postgres).Run(cancel);
        },
        cancel);

    /// <summary>
    /// Closed-loop rounds of each subject and of the limit, and after them open-loop ones of the subjects: at half of what the reference
    /// could do; or, of those who cannot do that, at half of what the slowest could. A subject's round is over when it has settled: its
    /// rate is that of the load, its costs are those of all that came of it.
    /// </summary>
    private sealed class Campaign(
        Workbench bench, IReadOnlyList<Subject> subjects, Limit? limit, int postmaster, NpgsqlDataSource postgres)
    {
        private readonly Dictionary<Subject, OrderClient> _clients =
            subjects.ToDictionary(s => s, s => new OrderClient(s.Address, bench.Settings.Customers));

        private Settings Settings => bench.Settings;

        private IReadOnlyList<Subject> All => limit is null ? subjects : [.. subjects, limit.Subject];

        public async Task<Findings> Run(CancellationToken cancel)
        {
            foreach (var subject in All) await WarmUp(subject, cancel);
            var closed = await InTurns(
                All, "orders as fast as they are served", (s, n) => AtMost(s, Settings.Time, n, cancel), cancel);
            var names = subjects.Select(s => s.Name).ToList();
            var reference = names.Contains(Subject.Reference) ? Subject.Reference : names.FirstOrDefault() ?? Limit.Name;
            double Most(string name) => Figures.Median(closed.Where(r => r.Subject == name).Select(r => r.Load.Rate));
            var open = new List<OpenLoop>();
            // Who cannot do half of the reference's would only fall behind; those are asked for less.
            var (able, slow) = (new List<Subject>(), new List<Subject>());
            foreach (var one in subjects.Where(s => Most(s.Name) > 0).OrderBy(s => Most(s.Name)))
                (Most(one.Name) > Most(reference) / 2 ? able : slow).Add(one);
            if (able.Count > 0) open.Add(await At(reference, Most(reference) / 2, able, cancel));
            if (slow.Count > 0 && !Settings.Quick) open.Add(await At(slow[0].Name, Most(slow[0].Name) / 2, slow, cancel));
            foreach (var client in _clients.Values) client.Dispose();
            return OrderSheets.Of(closed, open, reference);
        }

        private async Task<OpenLoop> At(string halfOf, double rate, IReadOnlyList<Subject> who, CancellationToken cancel) => new(
            halfOf, rate, await InTurns(
                who, $"{rate:0} orders a second", (s, n) => Load.Open(_clients[s], rate, Settings.Time, n, cancel), cancel));

        private async Task WarmUp(Subject subject, CancellationToken cancel)
        {
            bench.Tell($"{subject.Name}: stocking and warming up");
            if (_clients.TryGetValue(subject, out var client)) await client.Stock(cancel);
            await AtMost(subject, Settings.WarmUp, 0, cancel);
            if (subject.Settled is { } settled) await settled(cancel);
        }

        private Task<Loaded> AtMost(Subject subject, TimeSpan time, int round, CancellationToken cancel) =>
            _clients.TryGetValue(subject, out var client)
                ? Load.Closed(client, Settings.Customers, time, round, cancel)
                : limit!.Load(Settings.Customers, time, cancel);

        private async Task<IReadOnlyList<Round>> InTurns(
            IReadOnlyList<Subject> who, string what, Func<Subject, int, Task<Loaded>> load, CancellationToken cancel)
        {
            var rounds = new List<Round>();
            foreach (var (subject, n) in bench.InTurns(who, Settings.Rounds, s => $"{s.Name}: {what},"))
            {
                var before = await Usage.Of(subject, postmaster, postgres, cancel);
                var loaded = await load(subject, n);
                if (subject.Settled is { } settled) await settled(cancel);
                var after = await Usage.Of(subject, postmaster, postgres, cancel);
                rounds.Add(new Round(subject.Name, loaded, after.Since(before)));
            }

            return rounds;
        }
    }
}
