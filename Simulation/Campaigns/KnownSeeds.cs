using System.CommandLine;

namespace Commerce.Simulation;

/// <summary>The checked-in list of plans that failed once: what was mended stays mended.</summary>
internal static class KnownSeeds
{
    /// <summary>The list that belongs to this program.</summary>
    public static IReadOnlyList<RunPlan> All() =>
        Read("Simulation/seeds.txt", File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "seeds.txt")));

    /// <summary>The plans of a list; <paramref name="file"/> is named where a line is wrong.</summary>
    public static IReadOnlyList<RunPlan> Read(string file, IEnumerable<string> lines)
    {
        var options = new PlanOptions();
        var command = new Command("line");
        options.AddTo(command);
        var plans = new List<RunPlan>();
        foreach (var (n, line) in lines.Index())
        {
            var words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 && line.TrimStart() is "" or ['#', ..]) continue;
            var parsed = command.Parse(words);
            var reason = options.Problems(parsed) is [var problem, ..] ? problem
                : parsed.GetValue(options.Seed) is null ? "A line begins with --seed and a number."
                : !line.Contains('#') || line.TrimEnd().EndsWith('#') ? "A line ends with # and what the plan has found."
                : null;
            if (reason is not null) throw new FormatException($"{file}, line {n + 1}: {reason}\n  {line}");
            plans.Add(options.Of(parsed, parsed.GetValue(options.Seed)!.Value));
        }

        return plans;
    }
}
