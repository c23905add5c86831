using Commerce.Mutants;
using Xunit;

namespace Commerce.Simulation.Tests;

/// <summary>The simulation finds bugs: whichever safeguard is taken out of the product, it notices.</summary>
public sealed class MutationTests
{
    private static readonly Mutant Sample = new("sample", "A sample.", "Domain/Sample.cs", "safe", "bold", 1);

    [Fact]
    public void A_text_that_occurs_once_is_replaced() => Assert.Equal("to be bold is all", Sample.In("to be safe is all"));

    [Theory]
    [InlineData("", "no longer")]
    [InlineData("to be sorry", "no longer")]
    [InlineData("better safe than unsafe", "more than once")]
    public void A_text_that_does_not_occur_exactly_once_is_an_error_that_names_the_mutant(string source, string times)
    {
        var problem = Assert.Throws<OutOfDateException>(() => Sample.In(source));
        Assert.Contains($"'sample' replaces a text that occurs {times} in Domain/Sample.cs", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mutant_fits_the_sources_and_has_a_name_of_its_own()
    {
        Assert.All(MutantList.All.SelectMany(m => m.Changes), mutant =>
            Assert.NotEqual(mutant.Text, mutant.In(File.ReadAllText(Path.Combine(MutantBuilder.Checkout(), mutant.File)))));
        Assert.Equal(MutantList.All.Count, MutantList.All.Select(m => m.Name).Distinct().Count());
    }

    [Fact]
    public void A_mutant_is_caught_by_a_seed_within_its_stated_number_only()
    {
        Assert.True(Result(new Finding(1, "a rule")).Caught);
        Assert.False(Result(new Finding(2, "a rule")).Caught);
        Assert.False(Result(null).Caught);

        static MutantResult Result(Finding? finding) => new(Sample, finding, TimeSpan.Zero);
    }

    [Fact]
    public void A_program_that_dies_fails_the_seed_it_was_at()
    {
        string[] said = ["""{"Seed":1}""", """{"Seed":2}"""];
        Assert.Null(MutantProbe.Read(said, ended: null));
        Assert.Equal(new Finding(2, "the simulation itself goes on", "it ended with 134."), MutantProbe.Read(said, "it ended with 134."));
        said = [.. said, """{"Seed":2,"Rule":"a rule","Detail":"a value"}"""];
        Assert.Equal(new Finding(2, "a rule", "a value"), MutantProbe.Read(said, null));
        Assert.Throws<InvalidOperationException>(() => MutantProbe.Read([], "it ended with 150."));
    }

    [Fact]
    public async Task The_simulation_catches_each_missing_safeguard_within_its_stated_number_of_seeds()
    {
        var (results, original) = await MutationRun.Of(
            MutantBuilder.Checkout(), MutantList.InEveryTestRun, seeds: null, _ => { }, TestContext.Current.CancellationToken);
        Assert.Empty(results.Where(r => !r.Caught).Select(r => $"{r.Mutant.Name}: {r.Finding} {r.Problem}"));
        Assert.Null(original);
    }
}
