namespace Commerce.Simulation.Tests;

/// <summary>A broken promise where none is broken: real runs, judged by a criterion of the test's.</summary>
internal static class Given
{
    /// <summary>A small campaign: seconds on any machine.</summary>
    public const string Small = "--shoppers 20 --hours 0.2";

    /// <summary>Runs that fail when they meet the criterion.</summary>
    public static Func<RunPlan, bool, CampaignResult> Broken(
        Func<RunPlan, RunOutcome, bool> criterion, string detail = "ord_7 is given as broken") =>
        (plan, keepTrace) =>
        {
            var outcome = Run.Of(plan, keepTrace);
            var violation = criterion(plan, outcome) ? new Violation("the test's criterion", detail, default) : null;
            return new CampaignResult(plan, violation, outcome with { Violation = violation });
        };

    /// <summary>The command with these words; its exit code and all it said.</summary>
    public static async Task<(int Exit, string Output, string Error)> Invoke(
        string words, Func<RunPlan, bool, CampaignResult>? run = null, CancellationToken cancel = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var args = words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (await Program.Invoke(args, output, error, run ?? CampaignResult.Of, cancel), output.ToString(), error.ToString());
    }
}
