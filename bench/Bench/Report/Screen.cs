using Commerce.Bench.Sections;
using Spectre.Console;

namespace Commerce.Bench;

/// <summary>What was found, for who sits in front of it.</summary>
internal static class Screen
{
    public static void Print(IAnsiConsole console, Findings found)
    {
        foreach (var sheet in found.Sheets)
        {
            var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(sheet.Title)) };
            foreach (var (column, first) in sheet.Columns.Select((c, n) => (c, n == 0)))
            {
                var made = new TableColumn(Markup.Escape(column)).NoWrap();
                table.AddColumn(first ? made : made.RightAligned());
            }

            foreach (var row in sheet.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
            console.Write(table);
        }

        if (found.Problem is { } problem) console.MarkupLineInterpolated($"[red]{problem}[/]");
    }
}
