using System.Globalization;
using System.Text.RegularExpressions;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>The figures of two runs side by side: what a change has done.</summary>
internal static partial class Comparison
{
    /// <summary>A table for each section that both have: before, now, and how many times that is.</summary>
    public static IReadOnlyList<Sheet> Of(Results before, Results now) =>
    [
        .. from section in now.Sections
           join earlier in before.Sections on section.Name equals earlier.Name
           let was = Read(earlier.Found)
           let rows = Read(section.Found).Where(f => was.ContainsKey(f.Key)).Select(f => Row(f.Key, was[f.Key], f.Value)).ToList()
           where rows.Count > 0
           select new Sheet($"{section.Name}: before, now and the ratio", ["", "", "", "before", "now", "ratio"], rows),
    ];

    /// <summary>What makes the two hard to compare; empty: nothing.</summary>
    public static IEnumerable<string> Doubts(Results before, Results now)
    {
        if (before.Settings.Quick != now.Settings.Quick || before.Settings.Time != now.Settings.Time)
            yield return "The two were not measured with the same settings.";
        if (before.Machine.Cores != now.Machine.Cores || before.Machine.System != now.Machine.System)
            yield return "The two were not measured on the same machine.";
        var names = now.Sections.Select(s => s.Name).ToList();
        if (!before.Sections.Any(s => names.Contains(s.Name)))
            yield return $"It has none of what was measured now: {string.Join(", ", names)}.";
    }

    /// <summary>Every figure by its table, row and column; numbers in a title, such as the rate of the load, name nothing.</summary>
    private static Dictionary<(string Sheet, string Row, string Column), double> Read(Findings found)
    {
        var figures = new Dictionary<(string, string, string), double>();
        foreach (var sheet in found.Sheets)
            foreach (var row in sheet.Rows)
                for (var n = 1; n < row.Count && n < sheet.Columns.Count; n++)
                    if (Leading().Match(row[n]) is { Success: true } match)
                        figures.TryAdd(
                            (Number().Replace(sheet.Title, "…"), row[0], sheet.Columns[n]),
                            double.Parse(match.Value, NumberStyles.Number, CultureInfo.InvariantCulture));
        return figures;
    }

    private static string[] Row((string Sheet, string Row, string Column) figure, double before, double now) =>
        [figure.Sheet, figure.Row, figure.Column, Text(before), Text(now), before == 0 ? Figures.None : Figures.Text(now / before, "0.00")];

    private static string Text(double value) => Figures.Text(value, "#,0.###");

    // The median, before its spread and its unit.
    [GeneratedRegex(@"^-?[0-9][0-9,]*(\.[0-9]+)?(?=$|[\s%])")]
    private static partial Regex Leading();

    [GeneratedRegex(@"[0-9][0-9,.]*")]
    private static partial Regex Number();
}
