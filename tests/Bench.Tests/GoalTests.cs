using Commerce.ReadModels;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class GoalTests
{
    [Theory]
    [InlineData(1.15, "yes")]
    [InlineData(1.16, "no")]
    public void What_may_not_be_above_a_limit_may_be_at_it(double got, string reached) =>
        Assert.Equal(["cost", "7", "at most 1.15 times", $"{got:0.00} times", reached], Row(Goal.AtMost("cost", ["7"], got, 1.15)));

    [Theory]
    [InlineData(0.5, "yes")]
    [InlineData(0.49, "no")]
    [InlineData(double.NaN, "no")]
    public void What_may_not_be_below_a_limit_may_be_at_it(double got, string reached) =>
        Assert.Equal(reached, Row(Goal.AtLeast("rate", ["7"], got, 0.5))[^1]);

    [Fact]
    public void Of_what_nothing_was_asked_nothing_is_said() =>
        Assert.Equal(["first", "7", "", "", ""], Row(Goal.Plain("first", ["7"])));

    private static IReadOnlyList<string> Row(Goal goal)
    {
        var sheet = Goal.Sheet("Title", ["figure"], [goal]);
        Assert.Equal(["", "figure", "wanted", "got", "reached"], sheet.Columns);
        return Assert.Single(sheet.Rows);
    }
}
