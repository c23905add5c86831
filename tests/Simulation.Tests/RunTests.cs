using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>A run of the simulation.</summary>
public sealed class RunTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run_event_by_event_and_another_seed_another()
    {
        var (first, again, other) = (
            Run.Of(new RunPlan(7), keepTrace: true), Run.Of(new RunPlan(7), keepTrace: true), Run.Of(new RunPlan(8)));
        Assert.Equal(first.Trace.Lines, again.Trace.Lines);
        Assert.Equal(first.Trace.Hash, again.Trace.Hash);
        Assert.NotEqual(first.Trace.Hash, other.Trace.Hash);
    }
}
