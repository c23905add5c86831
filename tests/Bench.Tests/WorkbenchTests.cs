using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>Which ways to run the product a section measures.</summary>
public sealed class WorkbenchTests
{
    private readonly List<string> _told = [];

    [Theory]
    [InlineData(false, "", "single,cluster")]
    [InlineData(true, "", "single")] // a quick run does not wait for a cluster
    [InlineData(true, "cluster", "cluster")]
    [InlineData(false, "plain,single", "single")]
    [InlineData(true, "single,cluster", "single,cluster")]
    public void The_product_is_measured_as_it_was_asked_for(bool quick, string only, string measured)
    {
        var ways = Bench(quick, only).Product("lag", "", TestContext.Current.CancellationToken);
        Assert.Equal(measured.Split(','), ways.Select(w => w.Name));
        Assert.Equal(quick && only == "", _told.Any(t => t.Contains("--only cluster measures it", StringComparison.Ordinal)));
    }

    [Fact]
    public void Subjects_that_a_section_does_not_measure_are_refused()
    {
        var bench = Bench(quick: true, "plain,naive");
        var problem = Assert.Throws<BenchException>(() => bench.Product("lag", "", TestContext.Current.CancellationToken));
        Assert.Equal("lag measures single and cluster: --only plain,naive leaves nothing.", problem.Message);
    }

    private Workbench Bench(bool quick, string only) => new(
        "no/programs", (quick ? Settings.InMinutes : Settings.Usual) with { Only = only == "" ? [] : only.Split(',') }, _told.Add);
}
