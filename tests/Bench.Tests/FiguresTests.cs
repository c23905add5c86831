using Xunit;

namespace Commerce.Bench.Tests;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 2.5)]
    public void A_median_is_in_the_middle_whatever_the_order(double[] values, double median) =>
        Assert.Equal(median, Figures.Median(values));

    [Fact]
    public void Ratios_are_of_rounds_that_stood_beside_each_other() =>
        Assert.Equal((0.5, 2, 4), Figures.Ratio([10, 40, 5], [5, 10, 10]));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.999, 100)]
    [InlineData(0, 1)]
    public void A_percentile_is_a_latency_that_was_measured(double share, double expected) =>
        Assert.Equal(expected, new Loaded(2, [.. Enumerable.Range(1, 100).Select(n => (double)n)], 0, null).Percentile(share));

    [Fact]
    public void The_rate_is_of_those_that_did_not_fail() => Assert.Equal(2, new Loaded(2, [1, 2, 3, 4], 7, "no").Rate);
}
