using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>The list of plans that failed once.</summary>
public sealed class KnownSeedsTests
{
    [Fact]
    public void A_line_is_a_plan_and_what_it_found()
    {
        var plans = KnownSeeds.Read("list", ["# a comment", "", "--seed 17 --only 3 # a double charge", "  --seed 4\t#5 oversold"]);
        Assert.Equal(["--seed 17 --only 3", "--seed 4"], plans.Select(PlanOptions.Words));
    }

    [Theory]
    [InlineData("--seed 17", "A line ends with # and what the plan has found.")]
    [InlineData("--seed 17 #  ", "A line ends with # and what the plan has found.")]
    [InlineData("--only 3 # a double charge", "A line begins with --seed and a number.")]
    [InlineData("17 # a double charge", "'17'")]
    [InlineData("--seed x # a double charge", "--seed takes a whole number from 0")]
    [InlineData("--seed 1 --without crsh # a double charge", "'crsh' is no kind of fault. There are: crash, ")]
    [InlineData("--seed 1 --only 201 # a double charge", "--only 201: the shoppers are 1 to 200")]
    public void A_line_that_is_none_fails_with_file_line_and_reason(string line, string reason)
    {
        var problem = Assert.Throws<FormatException>(() => KnownSeeds.Read("some/list.txt", ["# first", "--seed 1 # good", line]));
        Assert.StartsWith("some/list.txt, line 3: ", problem.Message);
        Assert.Contains(reason, problem.Message);
        Assert.EndsWith(line, problem.Message);
    }

    [Fact]
    public void The_list_that_belongs_to_the_program_can_be_read() => Assert.NotNull(KnownSeeds.All());
}
