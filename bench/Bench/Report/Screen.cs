using Commerce.Bench.Sections;
using Spectre.Console;

namespace Commerce.Bench;

/// <summary>What was found, for who sits in front of it.</summary>
internal static class Screen
{
    private const int Wide = 200; // at least, so that no figure is cut off in a file or a pipe, which have no width

    /// <summary>The terminal, with colours; or a file or a pipe, without.</summary>
    public static IAnsiConsole OfOutput()
    {
        var ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = Math.Max(console.Profile.Width, Wide);
        return console;
    }

    /// <summary>All tables of a section, and its problem.</summary>
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
