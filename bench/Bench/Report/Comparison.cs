namespace Commerce.Bench;

/// <summary>The medians of two runs side by side.</summary>
internal static class Comparison
{
    /// <summary>A table for each section that both runs have.</summary>
    public static IEnumerable<ResultTable> Tables(BenchResults before, BenchResults now) =>
        from section in now.Sections
        join earlier in before.Sections on section.Name equals earlier.Name
        let was = Medians(earlier).ToDictionary()
        let rows = Medians(section).Where(f => was.ContainsKey(f.Key)).Select(f => Row(f.Key, was[f.Key], f.Value)).ToList()
        where rows.Count > 0
        select new ResultTable(
            $"{section.Name}: before, now and the ratio", [new("before", "#,0.###"), new("now", "#,0.###"), new("ratio", "0.00")], rows);

    /// <summary>What makes the two runs hard to compare.</summary>
    public static IEnumerable<string> Doubts(BenchResults before, BenchResults now)
    {
        if (before.Options.Quick != now.Options.Quick || before.Options.Seconds != now.Options.Seconds)
            yield return "The two runs had different options.";
        if (before.Environment.Cores != now.Environment.Cores || before.Environment.System != now.Environment.System)
            yield return "The two runs were on different machines.";
        var names = now.Sections.Select(s => s.Name).ToList();
        if (!before.Sections.Any(s => names.Contains(s.Name))) yield return $"The earlier run has no section {string.Join(" or ", names)}.";
    }

    private static IEnumerable<KeyValuePair<string, double>> Medians(SectionResult section) =>
        from table in section.Tables
        from row in table.Rows
        from cell in row.Values.Zip(table.Columns)
        select KeyValuePair.Create(
            $"{table.Title} · {row.Name} · {cell.Second.Name}", RoundStatistics.Median(RoundStatistics.Finite(cell.First)));

    private static ResultRow Row(string name, double before, double now) => new(name, [[before], [now], [now / before]]);
}
