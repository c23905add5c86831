using System.Text.RegularExpressions;
using Spectre.Console;

namespace Commerce.Simulation;

/// <summary>The events of a run that explain its failure: those of the entities in the violation, and all faults.</summary>
internal static partial class FailureReport
{
    private const int Most = 80;

    private static readonly HashSet<string> Always = ["start", "kill", "stop", "stopped", "trouble", "month", "BROKEN"];

    /// <summary>The last events that concern the entities named in the violation, or the processes; how many were left out.</summary>
    public static (IReadOnlyList<Event> Events, int Earlier) Of(IReadOnlyList<Event> all, Violation? violation)
    {
        var named = violation is null ? null : Named(violation.Detail);
        var about = named is null ? all : [.. all.Where(e => Always.Contains(e.What) || named.IsMatch($"{e.Whom} {e.More}"))];
        return ([.. about.TakeLast(Most)], Math.Max(0, about.Count - Most));
    }

    /// <summary>Events as a table.</summary>
    public static Table Table(IReadOnlyList<Event> events)
    {
        var table = CampaignReport.New("when", "what", "whom", "", "");
        foreach (var e in events)
        {
            var (when, number) = ($"{e.At:MM-dd HH:mm:ss.ffffff}", Number(e));
            table.AddRow(when, Markup.Escape(e.What), Markup.Escape(e.Whom), number, Markup.Escape(FirstLine(e.More ?? "")));
        }

        return table;
    }

    /// <summary>The first line of a text.</summary>
    public static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('\r');

    private static string Number(Event e) => e switch
    {
        { Number: 0 } => "",
        { What: "commit" } => $"version {e.Number}",
        { What: "ask" or "provider" } => $"process {e.Number}",
        _ => $"{e.Number}",
    };

    // An order, its payment, shipments and returns share the number of the shopper; of a product there is only its SKU.
    private static Regex? Named(string detail)
    {
        var numbers = Ids().Matches(detail).Select(m => m.Groups[1].Value).Distinct().ToList();
        var names = Others().Matches(detail).Select(m => Regex.Escape(m.Value)).Distinct().ToList();
        if (numbers.Count > 0) names.Add($"(ord|pay|shp|ret|crn)_({string.Join('|', numbers)})[a-z]?");
        return names.Count == 0 ? null : new Regex($@"(?<!\w)({string.Join('|', names)})(?!\w)");
    }

    [GeneratedRegex(@"\b(?:ord|pay|shp|ret|crn)_(\d+)[a-z]?\b")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\bcus_\d+\b|\b(?:HOT-\d+|LAST|POSTAGE)\b")]
    private static partial Regex Others();
}
