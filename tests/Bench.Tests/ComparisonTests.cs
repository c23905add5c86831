using Commerce.Bench.Sections;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class ComparisonTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-compare-").FullName;

    [Fact]
    public void Every_figure_is_shown_with_what_it_was_and_how_many_times_that_it_is()
    {
        var sheets = Comparison.Of(
            Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "1,200 (1,100 to 1,300)", "4.5 ms", "none"))),
            Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "1,500 (1,400 to 1,600)", "2.25 ms", "3"))));
        var sheet = Assert.Single(sheets);
        Assert.Equal("orders: before, now and the ratio", sheet.Title);
        Assert.Equal(
            [["Rates", "single", "orders a second", "1,200", "1,500", "1.25"], ["Rates", "single", "column 1", "4.5", "2.25", "0.50"]],
            sheet.Rows);
    }

    [Fact]
    public void A_table_whose_title_names_the_load_is_the_same_table_at_another_load()
    {
        var sheets = Comparison.Of(
            Made.Results(Made.Section("orders", Made.Sheet("At 1,234 orders a second", "single", "10"))),
            Made.Results(Made.Section("orders", Made.Sheet("At 987 orders a second", "single", "5"))));
        Assert.Equal(["At … orders a second", "single", "orders a second", "10", "5", "0.50"], Assert.Single(Assert.Single(sheets).Rows));
    }

    [Fact]
    public void Words_are_not_figures_and_what_was_nothing_has_no_ratio()
    {
        var sheets = Comparison.Of(
            Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "0", "under 50", "3rd"))),
            Made.Results(Made.Section("orders", Made.Sheet("Rates", "single", "4", "under 50", "3rd"))));
        Assert.Equal(["Rates", "single", "orders a second", "0", "4", "none"], Assert.Single(Assert.Single(sheets).Rows));
    }

    [Fact]
    public void Sections_that_only_one_of_them_has_are_left_out_and_that_is_said_when_nothing_is_left()
    {
        var (before, now) = (Made.Results(Made.Section("lag")), Made.Results(Made.Section("orders")));
        Assert.Empty(Comparison.Of(before, now));
        Assert.Equal(["It has none of what was measured now: orders."], Comparison.Doubts(before, now));
    }

    [Fact]
    public void Other_settings_and_another_machine_are_said()
    {
        var now = Made.Results(Made.Section("orders"));
        Assert.Empty(Comparison.Doubts(now, now));
        var before = now with { Settings = Settings.Usual, Machine = now.Machine with { Cores = 64 } };
        Assert.Equal(
            ["The two were not measured with the same settings.", "The two were not measured on the same machine."],
            Comparison.Doubts(before, now));
    }

    [Theory]
    [InlineData("not json", "line 1 is not what it should be")]
    [InlineData("{}", "its \"format\" is missing")]
    [InlineData("[]", "line 1 is not what it should be")]
    [InlineData("null", "its \"format\" is missing")]
    [InlineData("""{"format":"commerce-bench/9"}""", "its \"format\" is 'commerce-bench/9'")]
    public void A_file_that_is_no_result_is_refused_naming_it_and_what_to_give(string text, string why)
    {
        var file = Path.Combine(_folder, "given");
        File.WriteAllText(file, text);
        var problem = Assert.Throws<BenchException>(() => Results.Read(file));
        Assert.Equal(
            $"'{file}' is no result of this bench: {why}, not 'commerce-bench/1'. Give a latest.json that ./commerce bench has written.",
            problem.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
