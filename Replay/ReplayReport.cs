using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Commerce.Replay;

/// <summary>The outcome for a person, as tables, and for a program, as one line of JSON.</summary>
internal static class ReplayReport
{
    private static readonly (InvoiceKind Kind, string Name)[] Kinds =
    [
        (InvoiceKind.Sale, "sales"), (InvoiceKind.Cancellation, "cancellations"), (InvoiceKind.Correction, "corrections"),
        (InvoiceKind.Other, "other"),
    ];

    public static void Print(TextWriter output, ReplayPlan plan, ReplayOutcome outcome, double seconds)
    {
        var colours = output == Console.Out && !Console.IsOutputRedirected ? AnsiSupport.Detect : AnsiSupport.No;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = colours });
        console.Profile.Width = Math.Max(console.Profile.Width, 160);
        console.Write(InAll(plan, outcome));
        console.Write(ByDay(outcome));
        foreach (var check in outcome.Checks) output.WriteLine(check);
        output.WriteLine(
            $"cancellations: {outcome.MatchedReturns} lines became returns of an earlier order; " +
            $"{outcome.CreditNotes} credit notes for the rest");
        output.WriteLine();
        foreach (var difference in outcome.Differences) output.WriteLine($"DIFFERENCE  {difference}");
        var agree = outcome.Differences.Count == 0;
        var verdict = agree ? "The books agree with the file to the penny" : $"{outcome.Differences.Count} differences";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict}, {seconds:0.0} s."));
    }

    /// <summary>One line; figures are those that were read back.</summary>
    public static string Json(ReplayOutcome outcome, double seconds) => JsonSerializer.Serialize(
        new
        {
            Sales = outcome.All[InvoiceKind.Sale].Found,
            Cancellations = outcome.All[InvoiceKind.Cancellation].Found,
            Corrections = outcome.All[InvoiceKind.Correction].Found,
            Other = outcome.All[InvoiceKind.Other].Found,
            outcome.MatchedReturns,
            outcome.CreditNotes,
            outcome.Differences,
            Seconds = Math.Round(seconds, 1),
        },
        Wire.Json);

    private static Table InAll(ReplayPlan plan, ReplayOutcome outcome)
    {
        var table = New($"{plan.File.Name}: {plan.From:yyyy-MM-dd} to {plan.To:yyyy-MM-dd}", "", "Lines", "Invoices", "Units", "Pence", "");
        foreach (var (kind, name) in Kinds)
        {
            var (e, f) = outcome.All[kind];
            if (e == default && f == default) continue;
            table.AddRow(
                name, Cell(e.Lines, f.Lines), Cell(e.Invoices, f.Invoices), Cell(e.Units, f.Units), Cell(e.Pence, f.Pence), Mark(e == f));
        }
        return table;
    }

    private static Table ByDay(ReplayOutcome outcome)
    {
        var table = New(
            "by day", "Day", "Sale lines", "Invoices", "Pence", "Cancellation lines", "Invoices", "Pence", "Correction lines", "");
        foreach (var (day, kinds) in outcome.Days)
        {
            var (sales, cancelled) = (kinds[InvoiceKind.Sale], kinds[InvoiceKind.Cancellation]);
            var corrected = kinds[InvoiceKind.Correction];
            table.AddRow(
                $"{day:yyyy-MM-dd}",
                Cell(sales.Expected.Lines, sales.Found.Lines),
                Cell(sales.Expected.Invoices, sales.Found.Invoices),
                Cell(sales.Expected.Pence, sales.Found.Pence),
                Cell(cancelled.Expected.Lines, cancelled.Found.Lines),
                Cell(cancelled.Expected.Invoices, cancelled.Found.Invoices),
                Cell(cancelled.Expected.Pence, cancelled.Found.Pence),
                Cell(corrected.Expected.Lines, corrected.Found.Lines),
                Mark(kinds.Values.All(c => c.Expected == c.Found)));
        }
        return table;
    }

    private static Table New(string title, params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(title)) };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column) { Alignment = column is "" or "Day" ? Justify.Left : Justify.Right, NoWrap = true });
        return table;
    }

    // Where the two differ both are shown: what was found, and what the file says.
    private static string Cell(long expected, long found)
    {
        var text = found.ToString("N0", CultureInfo.InvariantCulture);
        return expected == found ? text : $"{text} (file: {expected.ToString("N0", CultureInfo.InvariantCulture)})";
    }

    private static string Mark(bool same) => same ? "ok" : "DIFFERS";
}
