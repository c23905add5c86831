using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>A smaller run that fails alike.</summary>
public sealed class ShrinkingTests
{
    private static readonly RunPlan Whole = new(7);

    [Fact]
    public void Of_all_that_happens_only_what_is_needed_for_the_failure_is_left()
    {
        var shrinking = Shrinking(p => p.Comers.Contains(17) && p.Comers.Contains(140) && Has(p, FaultKind.AppendLate) && p.Hours > 0.3);
        var shortest = shrinking.Shrink().Plan;
        Assert.Equal([17, 140], shortest.Only!.Order());
        Assert.Equal(Enum.GetValues<FaultKind>().Except([FaultKind.AppendLate]).Order(), shortest.Without!.Order());
        Assert.InRange(shortest.Hours, 0.3, 0.4);
        Assert.False(shrinking.GaveUp);
    }

    [Fact]
    public void The_same_failure_is_always_shrunk_to_the_same()
    {
        // A criterion without any order in it, as the moments at which a real one fails.
        static bool Fails(RunPlan plan) => plan.Comers.Sum() % 7 == Whole.Comers.Sum() % 7;
        var (one, other) = (Shrinking(Fails), Shrinking(Fails));
        Assert.Equal(PlanOptions.Words(one.Shrink().Plan), PlanOptions.Words(other.Shrink().Plan));
        Assert.Equal(one.Tries, other.Tries);
        Assert.True(one.Best.Plan.Comers.Count() < 20);
    }

    [Fact]
    public void A_run_that_breaks_another_promise_is_not_taken_for_the_same_failure()
    {
        var shrinking = new Shrinking(
            p => new CampaignResult(p, Broken(p.Comers.Contains(17) ? "this" : "that"), null), Failed("this"), default);
        Assert.Equal([17], shrinking.Shrink().Plan.Only!);
    }

    [Fact]
    public void What_cannot_be_made_smaller_stays_and_what_takes_too_many_tries_is_said()
    {
        var stays = new Shrinking(p => new CampaignResult(p, null, null), Failed("this"), default);
        Assert.Same(Whole, stays.Shrink().Plan);
        Assert.True(stays.GaveUp);
        Assert.InRange(stays.Tries, 100, 600);
    }

    [Fact]
    public void Stopped_it_gives_the_smallest_so_far()
    {
        using var stop = new CancellationTokenSource();
        var shrinking = new Shrinking(
            p =>
            {
                if (p.Comers.Count() is > 0 and <= 50) stop.Cancel();
                return new CampaignResult(p, p.Comers.Contains(17) ? Broken("this") : null, null);
            },
            Failed("this"), stop.Token);
        Assert.Contains(17, shrinking.Shrink().Plan.Only!);
        Assert.InRange(shrinking.Best.Plan.Only!.Count, 1, 50);
        Assert.True(shrinking.GaveUp);
    }

    private static bool Has(RunPlan plan, FaultKind fault) => plan.Without?.Contains(fault) != true;

    private static Shrinking Shrinking(Func<RunPlan, bool> fails) =>
        new(p => new CampaignResult(p, fails(p) ? Broken("this") : null, null), Failed("this"), default);

    private static CampaignResult Failed(string rule) => new(Whole, Broken(rule), null);

    private static Violation Broken(string rule) => new(rule, "as the test wants it", default);
}
