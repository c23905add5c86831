using System.Text.Json;
using Commerce.Simulation;

namespace Commerce.Mutants;

/// <summary>What a program says while it tries seeds, one a line: the seed it is at, and with a rule, how that one failed.</summary>
/// <param name="Rule">The rule that was broken; null: this seed has just begun.</param>
/// <param name="Detail">With which values.</param>
internal sealed record Finding(ulong Seed, string? Rule = null, string? Detail = null);

/// <summary>Runs seeds in this process until one fails. A mutated program does this.</summary>
internal static class MutantProbe
{
    /// <summary>Tries the seeds in their order and writes a line for each, and another one for the first that fails.</summary>
    public static void Run(ulong from, ulong to, TextWriter output)
    {
        for (var seed = from; seed <= to; seed++)
        {
            Say(new Finding(seed));
            if (Simulation.Run.Of(new RunPlan(seed)).Violation is not { } broken) continue;
            Say(new Finding(seed, broken.Rule, broken.Detail));
            return;
        }

        void Say(Finding finding)
        {
            output.WriteLine(JsonSerializer.Serialize(finding));
            output.Flush();
        }
    }

    /// <summary>What a program said that tried seeds; null: none failed.</summary>
    /// <param name="lines">What it wrote.</param>
    /// <param name="ended">How it ended, in words; null: as it should.</param>
    public static Finding? Read(IEnumerable<string> lines, string? ended)
    {
        var last = lines.Where(l => l.StartsWith('{')).Select(l => JsonSerializer.Deserialize<Finding>(l)!).LastOrDefault();
        if (last?.Rule is not null) return last;
        if (ended is null) return null;
        return last is null
            ? throw new InvalidOperationException($"The simulation did not begin: {ended}")
            : last with { Rule = "the simulation itself goes on", Detail = ended };
    }
}
