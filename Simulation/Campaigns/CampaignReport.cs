using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Commerce.Simulation;

/// <summary>What came of it, for a person as tables and sentences, for a program as one line of JSON.</summary>
internal static class CampaignReport
{
    /// <summary>How far a campaign is.</summary>
    public static string Progress(CampaignFigures now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{now.Runs:N0} runs, {now.RunsPerMinute:N0} a minute, {now.Orders:N0} orders, {now.Faults:N0} faults, "
        + $"{now.Speed:N0} simulated seconds a second{(now.Failed == 0 ? "" : $", {now.Failed} FAILED")}");

    /// <summary>Faults by kind, and the sums.</summary>
    public static void Sums(TextWriter output, CampaignFigures all)
    {
        var table = New("fault", "struck", "in runs");
        foreach (var fault in Enum.GetValues<FaultKind>())
            table.AddRow(PlanOptions.Name(fault), Number(all.Struck[(int)fault]), Number(all.In[(int)fault]));
        Write(output, table);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(all.Runs, "run")} in {all.Took.TotalSeconds:0.0} s, {all.RunsPerMinute:N0} a minute: {Count(all.Orders, "order")}, "
            + $"{Count(all.Faults, "fault")}, {all.Simulated.TotalHours:N0} simulated hours, {all.Speed:N0} times as fast as time."));
    }

    /// <summary>What was wrong with a run.</summary>
    public static void Failure(TextWriter output, CampaignResult failed)
    {
        var violation = failed.Violation!;
        output.WriteLine($"FAILED  seed {failed.Plan.Seed}: {violation.Rule}");
        output.WriteLine($"  {violation.Detail.Replace("\n", "\n  ", StringComparison.Ordinal)}");
        output.WriteLine($"  at {violation.At:MM-dd HH:mm:ss.ffffff} simulated time, after {Events(failed)}");
    }

    /// <summary>The events around a violation, or the last ones.</summary>
    public static void Events(TextWriter output, CampaignResult result)
    {
        var (events, earlier) = FailureReport.Of(result.Outcome?.Trace.Lines ?? [], result.Violation);
        if (earlier > 0) output.WriteLine($"({Count(earlier, "earlier event")} left out)");
        Write(output, FailureReport.Table(events));
    }

    /// <summary>All events, a line each.</summary>
    public static void Trace(TextWriter output, CampaignResult result)
    {
        foreach (var e in result.Outcome?.Trace.Lines ?? [])
            output.WriteLine($"{e.At:MM-dd HH:mm:ss.ffffff} {e.What} {e.Whom}{(e.Number == 0 ? "" : $" {e.Number}")} {e.More}".TrimEnd());
    }

    /// <summary>One line for a program.</summary>
    public static string Json(CampaignFigures all, IReadOnlyList<Failed> failures, bool stopped) => JsonSerializer.Serialize(
        new
        {
            all.Runs,
            all.Failed,
            Stopped = stopped,
            all.Orders,
            all.Faults,
            Struck = Enum.GetValues<FaultKind>().ToDictionary(PlanOptions.Name, f => all.Struck[(int)f]),
            SimulatedSeconds = Math.Round(all.Simulated.TotalSeconds),
            Seconds = Math.Round(all.Took.TotalSeconds, 1),
            Hash = $"{all.Hash:x16}",
            Failures = failures.Select(f => new
            {
                f.First.Violation!.Rule,
                f.First.Violation.Detail,
                Plan = PlanOptions.Words(f.First.Plan),
                Replay = PlanOptions.CommandFor(f.Shortest.Plan),
            }),
        },
        JsonSerializerOptions.Web);

    /// <summary>An empty table with these columns; those of figures are aligned right.</summary>
    public static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            var alignment = column is "struck" or "in runs" ? Justify.Right : Justify.Left;
            table.AddColumn(new TableColumn(column) { Alignment = alignment, NoWrap = true });
        }

        return table;
    }

    /// <summary>How many there are of something: <c>1 run</c>, <c>1,000 runs</c>.</summary>
    public static string Count(double n, string what) => $"{Number(n)} {what}{(n == 1 ? "" : "s")}";

    /// <summary>A number for a person.</summary>
    public static string Number(double n) => n.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static string Events(CampaignResult result) => Count(result.Outcome?.Trace.Events ?? 0, "event");

    private static void Write(TextWriter output, Table table)
    {
        var colours = output == Console.Out && !Console.IsOutputRedirected ? AnsiSupport.Detect : AnsiSupport.No;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = colours });
        console.Profile.Width = Math.Max(console.Profile.Width, 200);
        console.Write(table);
    }
}

/// <summary>A failure as it was found, and the shortest that was found of it.</summary>
internal sealed record Failed(CampaignResult First, CampaignResult Shortest);
