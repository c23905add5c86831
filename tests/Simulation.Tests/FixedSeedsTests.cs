using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>Required before every merge: the plans that failed once, and a thousand fixed seeds.</summary>
public sealed class FixedSeedsTests
{
    [Fact]
    public void A_thousand_fixed_seeds_and_all_that_failed_once_break_no_promise()
    {
        var fixedSeeds = Enumerable.Range(1, 1000).Select(n => new RunPlan((ulong)n));
        var campaign = new Campaign(plan => CampaignResult.Of(plan, keepTrace: false), keepGoing: true);
        var failed = campaign.Go(KnownSeeds.All().Concat(fixedSeeds), CancellationToken.None);
        var all = campaign.Tally.Figures;
        Assert.True(failed.Count == 0, $"{failed.Count} of {all.Runs} runs failed.\n{string.Join('\n', failed.Take(10).Select(Told))}");
        Assert.Equal(KnownSeeds.All().Count + 1000, all.Runs);
        Assert.True(all.Orders > 1000 * RunPlan.UsualShoppers / 2, $"only {all.Orders} orders were placed: the runs are about nothing");
        Assert.All(Enum.GetValues<FaultKind>(), fault => Assert.True(all.Struck[(int)fault] > 0, $"{fault} never struck"));
    }

    private static string Told(CampaignResult failed) =>
        $"seed {failed.Plan.Seed}: {failed.Violation!.Rule}: {failed.Violation.Detail}\n"
        + $"  replay it:  {PlanOptions.CommandFor(failed.Plan)}\n"
        + $"  shrink it:  ./commerce simulate --seeds {failed.Plan.Seed}-{failed.Plan.Seed}";
}
