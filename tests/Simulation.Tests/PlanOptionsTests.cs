using System.CommandLine;
using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>Plans as command-line options, read and written.</summary>
public sealed class PlanOptionsTests
{
    [Theory]
    [InlineData("--seed 17")]
    [InlineData("--seed 18446744073709551615")]
    [InlineData("--seed 17 --only 3,17")]
    [InlineData("--seed 17 --only 1-20,33")]
    [InlineData("--seed 17 --only none")]
    [InlineData("--seed 17 --without crash,append-late,clock-wrong")]
    [InlineData("--seed 17 --hours 0.25")]
    [InlineData("--seed 0 --shoppers 300 --only 7,300 --without provider-request-twice --hours 1.5")]
    public void What_a_plan_is_told_in_makes_the_same_plan(string words) => Assert.Equal(words, PlanOptions.Words(Parsed(words)));

    [Fact]
    public void Options_mean_what_they_say()
    {
        var plan = Parsed("--seed 5 --shoppers 40 --only 3,9-11 --without append-late,crash --hours 0.5");
        Assert.Equal((5UL, 40, 0.5), (plan.Seed, plan.Shoppers, plan.Hours));
        Assert.Equal([3, 9, 10, 11], plan.Only!);
        Assert.Equal([FaultKind.Crash, FaultKind.AppendLate], plan.Without!);
    }

    [Fact]
    public void Left_out_is_as_usual_and_every_kind_of_fault_has_a_name_to_type()
    {
        Assert.Equal(new RunPlan(17), Parsed("--seed 17"));
        foreach (var fault in Enum.GetValues<FaultKind>())
            Assert.Equal([fault], Parsed($"--seed 1 --without {PlanOptions.Name(fault)}").Without!);
    }

    private static RunPlan Parsed(string words)
    {
        var options = new PlanOptions();
        var command = new Command("simulate");
        options.AddTo(command);
        var parsed = command.Parse(words);
        Assert.Empty(options.Problems(parsed));
        return options.Of(parsed, parsed.GetValue(options.Seed)!.Value);
    }
}
