using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>Which ways to run the product a section measures.</summary>
public sealed class WorkbenchTests : IDisposable
{
    private readonly string _programs = Directory.CreateTempSubdirectory("commerce-bench-programs-").FullName;
    private readonly List<string> _told = [];

    public void Dispose() => Directory.Delete(_programs, recursive: true);

    [Theory]
    [InlineData(true, false, "", "single,cluster")]
    [InlineData(true, true, "", "single")] // a quick run does not wait for a cluster
    [InlineData(true, true, "cluster", "cluster")]
    [InlineData(true, false, "plain,single", "single")]
    [InlineData(false, false, "", "single")]
    [InlineData(false, true, "single,cluster", "single")]
    public void The_product_is_measured_as_it_was_asked_for_and_can_be_run(bool orleans, bool quick, string only, string measured)
    {
        var ways = Bench(orleans, quick, only).Product("lag", "", TestContext.Current.CancellationToken);
        Assert.Equal(measured.Split(','), ways.Select(w => w.Name));
        Assert.Equal(orleans && quick && only == "", _told.Any(t => t.Contains("--only cluster measures it", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true, "plain,naive", "lag measures single and cluster: --only plain,naive leaves nothing.")]
    [InlineData(false, "cluster", "lag measures single, and without Orleans there is no cluster: --only cluster leaves nothing.")]
    public void Who_asks_for_nothing_that_can_be_run_is_told_so_and_gets_no_empty_table(bool orleans, string only, string why)
    {
        var bench = Bench(orleans, quick: true, only);
        var problem = Assert.Throws<BenchException>(() => bench.Product("lag", "", TestContext.Current.CancellationToken));
        Assert.Equal(why, problem.Message);
    }

    private Workbench Bench(bool orleans, bool quick, string only)
    {
        var silo = Path.Combine(_programs, "Silo");
        if (orleans) File.WriteAllText(Path.Combine(Directory.CreateDirectory(silo).FullName, "Commerce.Silo.dll"), "");
        var settings = (quick ? Settings.InMinutes : Settings.Usual) with { Only = only == "" ? [] : only.Split(',') };
        return new Workbench(_programs, settings, _told.Add);
    }
}
