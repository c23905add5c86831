using Xunit;

namespace Commerce.Bench.Tests;

public sealed class BenchCommandLineTests
{
    [Theory]
    [InlineData("--rounds 0", "--rounds is 1 to 99, not 0.")]
    [InlineData("--rounds 100", "--rounds is 1 to 99, not 100.")]
    [InlineData("--seconds 0", "--seconds is more than 0 and at most 3600, not 0.")]
    [InlineData("--seconds 3601", "--seconds is more than 0 and at most 3600, not 3601.")]
    [InlineData("--rounds many", "--rounds is 1 to 99, not many.")]
    [InlineData("--seconds long", "--seconds is more than 0 and at most 3600, not long.")]
    [InlineData("--seconds NaN", "--seconds is more than 0 and at most 3600, not NaN.")]
    [InlineData("--rounds", "--rounds")]
    [InlineData("--only single,no", "--only takes names of single,cluster,plain,naive,marten,limit, separated by commas, and not 'no'.")]
    [InlineData("--out {here}/Commerce.Bench.dll", "--out is a folder, and '{here}/Commerce.Bench.dll' is a file.")]
    [InlineData("--compare {here}/none.json", "--compare: '{here}/none.json' cannot be read: ")]
    [InlineData("--compare {here}/Commerce.Bench.dll", "--compare: '{here}/Commerce.Bench.dll' has not the format ")]
    [InlineData("order", "'order' is not a section. There are: orders, growth, ")]
    public void A_wrong_option_is_refused_before_anything_is_measured(string typed, string said)
    {
        string Here(string text) => text.Replace("{here}", AppContext.BaseDirectory.TrimEnd('/'), StringComparison.Ordinal);
        var parsed = BenchCommandLine.Create().Parse(["--programs", "none", .. Here(typed).Split(' ')]);
        Assert.Contains(Here(said), string.Join('\n', parsed.Errors.Select(e => e.Message)));
    }

    [Fact]
    public void Each_section_has_a_name_of_its_own_and_a_sentence()
    {
        var sections = Sections.All;
        Assert.Distinct(sections.Select(s => s.Name));
        Assert.All(sections, s => Assert.EndsWith(".", s.About));
        Assert.Empty(BenchCommandLine.Create().Parse(["--programs", "none", .. sections.Select(s => s.Name)]).Errors);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("--rounds 9 --seconds 30", true)]
    [InlineData("--rounds 1", false)]
    [InlineData("--seconds 1", false)]
    [InlineData("--quick", false)]
    [InlineData("--only single", false)]
    [InlineData("orders", false)]
    public void Only_a_full_run_gives_the_results_of_the_repository(string typed, bool full)
    {
        string[] words = typed.Length == 0 ? [] : typed.Split(' ');
        Assert.Equal(full, BenchCommandLine.Options(BenchCommandLine.Create().Parse(["--programs", "none", .. words])).IsFull);
    }
}
