using Xunit;

namespace Commerce.Bench.Tests;

public sealed class BenchContextTests : IDisposable
{
    private readonly TestContexts _contexts = new();
    private readonly List<string> _told = [];

    public void Dispose() => _contexts.Dispose();

    [Theory]
    [InlineData(false, "", "single,cluster")]
    [InlineData(true, "", "single")] // a quick run does not wait for a cluster
    [InlineData(true, "cluster", "cluster")]
    [InlineData(false, "plain,single", "single")]
    [InlineData(true, "single,cluster", "single,cluster")]
    public void A_section_of_the_product_starts_the_systems_that_were_asked_for(bool quick, string only, string measured)
    {
        var systems = Context(quick, only).Product("", TestContext.Current.CancellationToken);
        Assert.Equal(measured.Split(','), systems.Select(s => s.Name));
        Assert.Equal(quick && only == "", _told.Any(t => t.Contains("--only cluster measures it", StringComparison.Ordinal)));
    }

    [Fact]
    public void Systems_that_a_section_does_not_measure_are_refused()
    {
        var problem = Assert.Throws<BenchException>(() => Context(true, "plain,naive").Product("", TestContext.Current.CancellationToken));
        Assert.Equal("lag measures single and cluster: --only plain,naive leaves nothing.", problem.Message);
    }

    [Fact]
    public void Rounds_alternate_their_order() =>
        Assert.Equal("abba", string.Concat(Context(true, "").Alternate(["a", "b"], 2, n => n).Select(t => t.One)));

    private BenchContext Context(bool quick, string only)
    {
        var options = (quick ? BenchOptions.Short : BenchOptions.Full) with { Only = only == "" ? [] : only.Split(',') };
        var context = _contexts.Create(options, _told.Add);
        context.Section = "lag";
        return context;
    }
}
