using System.Text.Json;
using Spectre.Console;

namespace Commerce.Bench;

/// <summary>What was measured, for a person and for a program.</summary>
internal static class Tables
{
    private const string Reference = "plain";

    /// <summary>One row a figure, one column a subject; then the ratios.</summary>
    public static void Print(IAnsiConsole console, IReadOnlyList<Round> closed, IReadOnlyList<Round> open)
    {
        var subjects = closed.Select(r => r.Subject).Distinct().ToList();
        console.Write(Figure("As fast as they are served", subjects, closed, [.. Rows, .. Costs]));
        console.Write(Figure("At half of what plain can do", subjects, open, Rows));
        console.Write(Ratios(subjects, closed, open));
        foreach (var round in closed.Concat(open).Where(r => r.Load.Errors > 0).DistinctBy(r => r.Subject))
            console.MarkupLineInterpolated($"[red]{round.Subject}: {round.Load.FirstError}[/]");
    }

    /// <summary>All rounds and medians as one line of JSON.</summary>
    public static string Json(IReadOnlyList<Round> closed, IReadOnlyList<Round> open) =>
        JsonSerializer.Serialize(new { closed = closed.Select(Of), open = open.Select(Of) });

    private static (string Name, Func<Round, double> Of, string Format)[] Rows =>
    [
        ("orders a second", r => r.Load.Rate, "#,0"), ("p50, ms", r => r.Load.Percentile(0.5), "0.0"),
        ("p99, ms", r => r.Load.Percentile(0.99), "0.0"), ("p99.9, ms", r => r.Load.Percentile(0.999), "0.0"),
        ("errors", r => r.Load.Errors, "0"),
    ];

    private static (string Name, Func<Round, double> Of, string Format)[] Costs =>
    [
        ("CPU ms an order, its process", r => 1000 * r.Used.SubjectCpu / r.Load.Latencies.Length, "0.00"),
        ("CPU ms an order, PostgreSQL", r => 1000 * r.Used.PostgresCpu / r.Load.Latencies.Length, "0.00"),
        ("commits an order", r => (double)r.Used.Commits / r.Load.Latencies.Length, "0.00"),
        ("rows written an order", r => (double)r.Used.Rows / r.Load.Latencies.Length, "0.0"),
        ("WAL bytes an order", r => (double)r.Used.WalBytes / r.Load.Latencies.Length, "#,0"),
        ("resident MB", r => r.Used.ResidentBytes / 1e6, "#,0"),
    ];

    private static Table Figure(
        string title, IReadOnlyList<string> subjects, IReadOnlyList<Round> rounds,
        IEnumerable<(string Name, Func<Round, double> Of, string Format)> rows)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle($"{title} (median, least to most)") };
        table.AddColumn("");
        foreach (var subject in subjects) table.AddColumn(new TableColumn(subject).RightAligned());
        foreach (var (name, of, format) in rows)
            table.AddRow([name, .. subjects.Select(s => Spread([.. rounds.Where(r => r.Subject == s).Select(of)], format))]);
        return table;
    }

    private static string Spread(IReadOnlyList<double> values, string format) =>
        $"{Figures.Median(values).ToString(format)} ({values.Min().ToString(format)} to {values.Max().ToString(format)})";

    private static Table Ratios(IReadOnlyList<string> subjects, IReadOnlyList<Round> closed, IReadOnlyList<Round> open)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle($"Times {Reference} (median, least to most)") };
        foreach (var column in (string[])["", "orders a second", "p99 at the same load", "CPU an order, in all"]) table.AddColumn(column);
        foreach (var subject in subjects.Where(s => s != Reference))
            table.AddRow(
                subject, Text(subject, closed, r => r.Load.Rate), Text(subject, open, r => r.Load.Percentile(0.99)),
                Text(subject, closed, r => (r.Used.SubjectCpu + r.Used.PostgresCpu) / r.Load.Latencies.Length));
        return table;

        static string Text(string subject, IReadOnlyList<Round> rounds, Func<Round, double> of)
        {
            IReadOnlyList<double> Values(string name) => [.. rounds.Where(r => r.Subject == name).Select(of)];
            var (least, middle, most) = Figures.Ratio(Values(subject), Values(Reference));
            return $"{middle:0.00} ({least:0.00} to {most:0.00})";
        }
    }

    private static object Of(Round round) => new
    {
        subject = round.Subject, seconds = round.Load.Seconds, orders = round.Load.Latencies.Length, errors = round.Load.Errors,
        rate = round.Load.Rate, p50 = round.Load.Percentile(0.5), p99 = round.Load.Percentile(0.99), p999 = round.Load.Percentile(0.999),
        used = round.Used,
    };
}
