using System.Globalization;

namespace Commerce.Bench;

/// <summary>A column of a table, and the .NET format of its numbers.</summary>
internal sealed record ResultColumn(string Name, string Format);

/// <summary>A row: for each column the values of all rounds.</summary>
internal sealed record ResultRow(string Name, IReadOnlyList<IReadOnlyList<double>> Values, Goal? Goal = null);

/// <summary>A target and how it was met.</summary>
internal sealed record Goal(string Wanted, string Got, bool Reached)
{
    public static Goal AtMost(double got, double limit, string unit = "times") =>
        new($"at most {Text(limit)} {unit}", $"{Text(got)} {unit}", got <= limit);

    public static Goal AtLeast(double got, double limit, string unit = "times") =>
        new($"at least {Text(limit)} {unit}", $"{Text(got)} {unit}", got >= limit);

    private static string Text(double value) => RoundStatistics.Text(value, "0.00");
}

/// <summary>A table of what was measured.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Columns">Its columns, without that of the rows' names.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Chart">The column that is drawn; null: none.</param>
internal sealed record ResultTable(
    string Title, IReadOnlyList<ResultColumn> Columns, IReadOnlyList<ResultRow> Rows, string? Chart = null)
{
    /// <summary>As Markdown, which is read on a terminal too: its columns are aligned.</summary>
    public string ToMarkdown()
    {
        var goals = Rows.Any(r => r.Goal is not null);
        List<string[]> cells = [["", .. Columns.Select(c => c.Name), .. goals ? (string[])["wanted", "got", "reached"] : []]];
        foreach (var row in Rows)
            cells.Add(
            [
                row.Name, .. row.Values.Zip(Columns, (values, column) => RoundStatistics.Spread(values, column.Format)),
                .. goals ? (string[])[row.Goal?.Wanted ?? "", row.Goal?.Got ?? "", Reached(row.Goal)] : [],
            ]);
        return MarkdownTable(cells);
    }

    /// <summary>A bar for each row's median, as Mermaid draws it in a Markdown page; empty when no chart is wanted.</summary>
    public string ToMermaid()
    {
        var column = Columns.Select(c => c.Name).ToList().IndexOf(Chart ?? "");
        var bars = Rows.Where(_ => column >= 0)
            .Select(r => (r.Name, Median: RoundStatistics.Median(RoundStatistics.Finite(r.Values[column]))))
            .Where(b => double.IsFinite(b.Median)).ToList();
        return bars.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"""

            ```mermaid
            xychart-beta horizontal
                title "{Title}"
                x-axis [{string.Join(", ", bars.Select(b => $"\"{b.Name}\""))}]
                y-axis "{Chart}" 0 --> {1.1 * bars.Max(b => b.Median):0.###}
                bar [{string.Join(", ", bars.Select(b => b.Median.ToString("0.###", CultureInfo.InvariantCulture)))}]
            ```

            """);
    }

    /// <summary>The first row is the heading. A bar or a line break in a cell does not end it.</summary>
    public static string MarkdownTable(IReadOnlyList<string[]> rows)
    {
        static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
        var cells = rows.Select(r => r.Select(Cell).ToArray()).ToList();
        var widths = cells[0].Select((_, n) => Math.Max(3, cells.Max(r => r[n].Length))).ToArray();
        cells.Insert(1, [.. widths.Select((w, n) => n == 0 ? new string('-', w) : new string('-', w - 1) + ":")]);
        return string.Concat(cells.Select(r => $"| {string.Join(" | ", r.Select(Pad))} |\n"));

        string Pad(string cell, int n) => n == 0 ? cell.PadRight(widths[n]) : cell.PadLeft(widths[n]);
    }

    private static string Reached(Goal? goal) => goal?.Reached switch { true => "yes", false => "no", null => "" };
}

/// <summary>Medians and spreads of rounds. A round in which nothing was done has no figure: it is not a finite number.</summary>
internal static class RoundStatistics
{
    private const string None = "none";

    /// <summary>The middle value; of an even number of values, the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        if (sorted.Count == 0) return double.NaN;
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The ratio of each round to the other one's round beside it.</summary>
    public static IReadOnlyList<double> Ratios(IEnumerable<double> of, IEnumerable<double> to) => Finite(of.Zip(to, (a, b) => a / b));

    /// <summary>The median, and in brackets the least and the most where they differ.</summary>
    public static string Spread(IReadOnlyList<double> values, string format)
    {
        var finite = Finite(values).Order().ToList();
        var median = Text(Median(finite), format);
        if (finite.Count == 0) return median;
        var (least, most) = (Text(finite[0], format), Text(finite[^1], format));
        return least == most ? median : $"{median} ({least} to {most})";
    }

    public static IReadOnlyList<double> Finite(IEnumerable<double> values) => [.. values.Where(double.IsFinite)];

    public static string Text(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : None;
}
