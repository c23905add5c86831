using System.Globalization;
using System.Text;
using Commerce.Bench.Sections;

namespace Commerce.Bench;

/// <summary>The results as a page to read.</summary>
internal static class Markdown
{
    private const string Head = """
        # What an order costs

        Written by `./commerce bench`; `docs/performance.md` tells how to read it.


        """;

    /// <summary>All of it, with the charts that lie beside it.</summary>
    public static string Of(Results results)
    {
        var page = new StringBuilder(Head);
        Table(page, new Sheet("", ["measured", ""], About(results)));
        foreach (var section in results.Sections)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}\n\n{section.About}\n");
            if (section.Found.Problem is { } problem)
                page.Append(CultureInfo.InvariantCulture, $"\n**What must not be:** {Line(problem)}\n");
            foreach (var sheet in section.Found.Sheets)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n### {sheet.Title}\n\n");
                Table(page, sheet);
            }

            foreach (var chart in section.Found.Charts)
            {
                var file = ResultFolder.NameOf(section.Name, chart);
                page.Append(CultureInfo.InvariantCulture, $"\n![{chart.Title}, {chart.Unit}]({file})\n");
            }
        }

        return page.ToString();
    }

    /// <summary>One table.</summary>
    public static void Table(StringBuilder page, Sheet sheet)
    {
        Row(page, sheet.Columns);
        Row(page, [.. sheet.Columns.Select((_, n) => n == 0 ? "---" : "---:")]);
        foreach (var row in sheet.Rows) Row(page, [.. row.Select(Cell)]);
    }

    private static string[][] About(Results results)
    {
        var machine = results.Machine;
        return
        [
            ["on", machine.At.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)],
            ["cores", machine.Cores.ToString(CultureInfo.InvariantCulture)],
            ["memory", string.Create(CultureInfo.InvariantCulture, $"{machine.MemoryBytes / 1e9:0.0} GB")],
            ["system", machine.System],
            [".NET", machine.Dotnet],
            ["PostgreSQL", machine.Postgres is { } version ? $"{version}, durable, on the same cores as the load" : "not needed"],
            [
                "sources",
                machine.Commit is { } commit ? commit + (machine.Changed ? ", with changes that are not committed" : "") : "not in git",
            ],
            ["settings", Told(results.Settings)],
        ];
    }

    private static string Told(Settings settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(settings.Quick ? "quick: " : "")}{settings.Rounds} rounds of {settings.Time.TotalSeconds:0.#} s in turns, ")
        + string.Create(CultureInfo.InvariantCulture, $"after {settings.WarmUp.TotalSeconds:0.#} s to warm up; ")
        + $"{settings.Customers} customers at a time{(settings.Only.Count > 0 ? $"; only {string.Join(", ", settings.Only)}" : "")}";

    private static void Row(StringBuilder page, IReadOnlyList<string> cells) => page.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Cell(string text) => Line(text).Replace("|", "\\|", StringComparison.Ordinal);

    private static string Line(string text) => text.ReplaceLineEndings(" ");
}
