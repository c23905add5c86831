namespace Commerce.Simulation;

/// <summary>What came of a plan, also when the run itself broke down.</summary>
/// <param name="Plan">What was to be simulated.</param>
/// <param name="Violation">What was wrong; null: nothing.</param>
/// <param name="Outcome">What came of the run; null when it threw.</param>
internal sealed record CampaignResult(RunPlan Plan, Violation? Violation, RunOutcome? Outcome)
{
    /// <summary>Simulates it. A run that throws has failed.</summary>
    public static CampaignResult Of(RunPlan plan, bool keepTrace)
    {
        try
        {
            var outcome = Run.Of(plan, keepTrace);
            return new CampaignResult(plan, outcome.Violation, outcome);
        }
        catch (Exception problem)
        {
            return new CampaignResult(plan, new Violation("the simulation itself goes on", problem.ToString(), default), null);
        }
    }
}
