using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>Rounds at a fixed rate, whether or not those before were served.</summary>
/// <param name="HalfOf">The subject that can do twice as many.</param>
/// <param name="Rate">Orders a second.</param>
/// <param name="Rounds">Of those who can do so many.</param>
internal sealed record OpenLoop(string HalfOf, double Rate, IReadOnlyList<Round> Rounds);

/// <summary>The tables of an order's cost.</summary>
internal static class OrderSheets
{
    private static readonly (string Name, Func<Round, double> Of, string Format)[] Served =
    [
        ("orders a second", r => r.Load.Rate, "#,0"), ("p50, ms", r => r.Load.Percentile(0.5), "0.0"),
        ("p99, ms", r => r.Load.Percentile(0.99), "0.0"), ("p99.9, ms", r => r.Load.Percentile(0.999), "0.0"),
        ("errors", r => r.Load.Errors, "0"),
    ];

    private static readonly (string Name, Func<Round, double> Of, string Format)[] Costs =
    [
        ("CPU ms an order, its processes", r => 1000 * r.Used.SubjectCpu / r.Load.Latencies.Length, "0.00"),
        ("CPU ms an order, PostgreSQL", r => 1000 * r.Used.PostgresCpu / r.Load.Latencies.Length, "0.00"),
        ("CPU ms an order, in all", r => r.Cpu, "0.00"),
        ("commits an order", r => (double)r.Used.Commits / r.Load.Latencies.Length, "0.00"),
        ("rows written an order", r => (double)r.Used.Rows / r.Load.Latencies.Length, "0.0"),
        ("WAL bytes an order", r => (double)r.Used.WalBytes / r.Load.Latencies.Length, "#,0"),
        ("resident MB", r => r.Used.ResidentBytes / 1e6, "#,0"),
    ];

    /// <summary>All tables and charts; the first of the open loops is the one in which subjects are compared.</summary>
    public static Findings Of(IReadOnlyList<Round> closed, IReadOnlyList<OpenLoop> loops, string reference)
    {
        var subjects = closed.Select(r => r.Subject).Distinct().ToList();
        var open = loops.Count > 0 ? loops[0].Rounds : [];
        return new Findings(
            [
                Figure("As fast as they are served", subjects, closed, [.. Served, .. Costs]),
                .. loops.Select(l => Figure(
                    $"At {l.Rate:#,0} orders a second, half of what {l.HalfOf} can do",
                    [.. subjects.Where(s => l.Rounds.Any(r => r.Subject == s))], l.Rounds, Served)),
                .. new[] { reference, Limit.Name }.Distinct().Where(to => subjects.Contains(to) && subjects.Count > 1)
                    .Select(to => Ratios(subjects, closed, open, to)),
            ],
            [
                Bars("Orders to cash a second", "orders/s", subjects, closed, r => r.Load.Rate),
                Bars("CPU an order to cash, PostgreSQL included", "ms", subjects, closed, r => r.Cpu),
            ],
            new { closed = closed.Select(Raw), open = loops.Select(l => new { l.Rate, Rounds = l.Rounds.Select(Raw) }) },
            Findings.Failed(closed.Concat(loops.SelectMany(l => l.Rounds)).Select(r => (r.Subject, r.Load))));
    }

    private static Sheet Figure(
        string title, IReadOnlyList<string> subjects, IReadOnlyList<Round> rounds,
        IEnumerable<(string Name, Func<Round, double> Of, string Format)> rows) => new(
        $"{title} (median, least to most)",
        ["", .. subjects],
        [.. rows.Select(row => (string[])[row.Name, .. subjects.Select(s => Figures.Spread(Values(rounds, s, row.Of), row.Format))])]);

    private static Sheet Ratios(
        IReadOnlyList<string> subjects, IReadOnlyList<Round> closed, IReadOnlyList<Round> open, string reference)
    {
        return new Sheet(
            $"Times {reference}, round by round (median, least to most)",
            ["", "orders a second", "p99 at the same load", "CPU an order, in all"],
            [
                .. subjects.Where(s => s != reference).Select(s => (string[])
                    [s, Text(s, closed, r => r.Load.Rate), Text(s, open, r => r.Load.Percentile(0.99)), Text(s, closed, r => r.Cpu)]),
            ]);

        string Text(string subject, IReadOnlyList<Round> rounds, Func<Round, double> of)
        {
            var (own, its) = (Values(rounds, subject, of), Values(rounds, reference, of));
            if (own.Count == 0 || its.Count == 0) return "-"; // the limit serves nobody at a given rate
            var (least, middle, most) = Figures.Ratio(own, its);
            return double.IsNaN(middle) ? Figures.None : $"{middle:0.00} ({least:0.00} to {most:0.00})";
        }
    }

    private static Chart Bars(
        string title, string unit, IReadOnlyList<string> subjects, IReadOnlyList<Round> rounds, Func<Round, double> of) => new(
        title, unit,
        [.. subjects.Select(s => Figures.BarOf(s, Values(rounds, s, of)))]);

    private static IReadOnlyList<double> Values(IReadOnlyList<Round> rounds, string subject, Func<Round, double> of) =>
        [.. rounds.Where(r => r.Subject == subject).Select(of)];

    private static object Raw(Round round) => new
    {
        subject = round.Subject, seconds = round.Load.Seconds, orders = round.Load.Latencies.Length, errors = round.Load.Errors,
        rate = round.Load.Rate, p50 = round.Load.Percentile(0.5), p99 = round.Load.Percentile(0.99), p999 = round.Load.Percentile(0.999),
        used = round.Used,
    };
}
