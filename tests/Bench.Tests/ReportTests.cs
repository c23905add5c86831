using System.Text.Json;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>From samples to tables, pages, files and comparisons.</summary>
public sealed class ReportTests : IDisposable
{
    private static readonly EnvironmentInfo Machine = new(
        2, 8_000_000_000, "Linux (X64)", ".NET 10.0.0", "16.4", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "0123abc", true);

    private readonly string _folder = Directory.CreateTempSubdirectory("commerce-bench-results-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 2.5)]
    public void A_median_is_in_the_middle_in_any_order(double[] values, double median) =>
        Assert.Equal(median, RoundStatistics.Median(values));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.999, 100)]
    [InlineData(0, 1)]
    public void A_percentile_is_a_latency_that_was_measured(double share, double expected) =>
        Assert.Equal(expected, new LoadReport(2, [.. Enumerable.Range(1, 100).Select(n => (double)n)], 0, null).Percentile(share));

    [Theory]
    [InlineData(1.15, true)]
    [InlineData(1.16, false)]
    [InlineData(double.NaN, false)]
    public void A_limit_may_be_reached_and_not_passed(double got, bool reached) => Assert.Equal(reached, Goal.AtMost(got, 1.15).Reached);

    [Fact]
    public void A_table_shows_medians_spreads_goals_and_what_was_not_measured()
    {
        var table = new ResultTable(
            "Title", [new("rate", "#,0"), new("p99", "0.0")],
            [new("a|b", [[1000, 3000, 2000], []]), new("c\nd", [[5], [double.NaN, 2.5]], Goal.AtLeast(0.5, 0.33))]);
        Assert.Equal(
            """
            |      |                   rate |  p99 |              wanted |        got | reached |
            | ---- | ---------------------: | ---: | ------------------: | ---------: | ------: |
            | a\|b | 2,000 (1,000 to 3,000) | none |                     |            |         |
            | c d  |                      5 |  2.5 | at least 0.33 times | 0.50 times |     yes |

            """, table.ToMarkdown());
    }

    [Fact]
    public void A_chart_has_a_bar_for_each_median_and_begins_at_zero()
    {
        var table = new ResultTable(
            "Rates", [new("rate", "0")], [new("single", [[1, 2, 6]]), new("cluster", [[]]), new("plain", [[10]])], "rate");
        Assert.Equal(
            """

            ```mermaid
            xychart-beta horizontal
                title "Rates"
                x-axis ["single", "plain"]
                y-axis "rate" 0 --> 11
                bar [2, 10]
            ```

            """, table.ToMermaid());
        Assert.Equal("", (table with { Chart = null }).ToMermaid());
    }

    [Fact]
    public void A_system_that_served_no_order_has_no_figures_and_its_error_is_told()
    {
        SampleSet rounds = new([Sample("single", 0, 0, errors: 3), Sample("plain", 100, 5)]);
        var found = OrdersSection.Report([new("64 clients", rounds), new("50 a second", rounds, Fixed: true)], "plain");
        Assert.Equal("none", Cell(found.Tables[0], "single", "CPU ms an order"));
        Assert.Equal("3.00", Cell(found.Tables[0], "plain", "CPU ms an order"));
        Assert.Equal("none", Cell(found.Tables[1], "single", "p99, ms"));
        Assert.Equal("5.0", Cell(found.Tables[1], "plain", "p99, ms"));
        Assert.Equal("0.00", Cell(found.Tables[3], "single: 64 clients", "orders a second"));
        Assert.Equal("none", Cell(found.Tables[3], "single: 50 a second", "orders a second"));
        Assert.Equal("single: 3 orders failed. The first: no", found.Problem);
    }

    [Fact]
    public void Ratios_compare_rounds_that_stood_beside_each_other()
    {
        SampleSet rounds = new(
        [
            Sample("a", 10, 1), Sample("b", 5, 1), Sample("a", 40, 1), Sample("b", 10, 1), Sample("a", 5, 1), Sample("b", 10, 1),
        ]);
        Assert.Equal(2, rounds.Ratio("a", "b", s => s.Rate));
    }

    [Fact]
    public void Event_lag_is_shown_with_its_goal()
    {
        double[] lags = [.. Enumerable.Range(1, 1000).Select(n => n / 10.0)];
        var found = LagSection.Report(
            new([Sample("single", 2, 5), Sample("cluster", 2, 5, errors: 2)]),
            new([new("single", new LoadReport(2, lags, 0, null)), Sample("cluster", 0, 0)]));
        Assert.Equal(["1", "500", "50.0", "99.0", "99.9"], found.Tables[0].Columns.Select(c => Cell(found.Tables[0], "single", c.Name)));
        Assert.Equal((false, false), (found.Tables[0].Rows[0].Goal!.Reached, found.Tables[0].Rows[1].Goal!.Reached));
        Assert.Equal("cluster: 2 orders failed. The first: no", found.Problem);
    }

    [Fact]
    public void A_benchmark_is_named_with_its_engine_and_one_that_was_not_completed_is_a_problem()
    {
        var found = MicroSection.Report("""
            [{"of":"PureRules","name":"decide","mean":1234.5,"error":10,"allocated":2048},{"of":"ClusterCalls","name":"call"}]
            """);
        Assert.Equal(["1.235", "0.010", "2,048"], found.Tables[0].Columns.Select(c => Cell(found.Tables[0], "decide", c.Name)));
        Assert.Equal("The benchmark 'call, cluster' was not completed.", found.Problem);
    }

    [Fact]
    public void The_page_names_the_machine_the_sources_and_every_table()
    {
        var page = Results([1, 2]).ToMarkdown();
        Assert.Contains("8.0 GB", page);
        Assert.Contains("16.4, durable, on the same cores as the load", page);
        Assert.Contains("0123abc, with changes that are not committed", page);
        Assert.Contains("quick: 2 rounds of 2 s in turns, after 8 s to warm up; 64 clients", page);
        Assert.Contains("\n### Rates\n\n|", page);
        Assert.Contains("**Failed:** one order\n", page);
    }

    [Fact]
    public void A_written_file_is_read_again_with_every_round()
    {
        var results = Results([1, double.NaN]);
        Assert.Equal(["latest.md", "latest.json"], results.Write(_folder).Select(Path.GetFileName));
        var read = BenchResults.Read(Path.Combine(_folder, BenchResults.DataFile));
        Assert.Equal(results.Environment, read.Environment);
        Assert.Equal((2, 2, 64), (read.Options.Rounds, read.Options.Seconds, read.Options.Clients));
        Assert.Equal([1, double.NaN], read.Sections[0].Tables[0].Rows[0].Values[0]);
    }

    [Fact]
    public void A_comparison_shows_each_median_before_and_now_with_its_ratio()
    {
        var table = Assert.Single(Comparison.Tables(Results([1200]), Results([1400, 1600])));
        Assert.Equal("orders: before, now and the ratio", table.Title);
        Assert.Equal(["1,200", "1,500", "1.25"], table.Columns.Select(c => Cell(table, "Rates · single · orders a second", c.Name)));
    }

    [Fact]
    public void A_comparison_names_what_makes_it_doubtful()
    {
        var now = Results([1]);
        Assert.Empty(Comparison.Doubts(now, now));
        var before = now with
        {
            Options = BenchOptions.Full, Environment = Machine with { Cores = 64 }, Sections = [now.Sections[0] with { Name = "lag" }],
        };
        Assert.Equal(
            ["The two runs had different options.", "The two runs were on different machines.", "The earlier run has no section orders."],
            Comparison.Doubts(before, now));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"format":"commerce-bench/9"}""")]
    public void A_file_of_another_format_is_refused(string text)
    {
        var file = Path.Combine(_folder, "given");
        File.WriteAllText(file, text);
        Assert.Equal(
            $"'{file}' has not the format 'commerce-bench/2'. Give a latest.json that ./commerce bench has written.",
            Assert.Throws<BenchException>(() => BenchResults.Read(file)).Message);
    }

    [Fact]
    public void The_machines_name_and_folders_are_not_in_the_results()
    {
        var here = EnvironmentInfo.Read(_folder, DateTimeOffset.UnixEpoch);
        var written = JsonSerializer.Serialize(here);
        Assert.DoesNotContain(Environment.MachineName, written);
        Assert.DoesNotContain(_folder, (Results([1]) with { Environment = here }).ToJson(indented: false));
        Assert.Equal((null, false), (here.Commit, here.Changed));
        Assert.True(here is { Cores: > 0, MemoryBytes: > 0 });
    }

    private BenchResults Results(IReadOnlyList<double> rates) => new(
        BenchResults.PresentFormat, Machine, BenchOptions.Short with { Programs = _folder, Root = _folder, Out = _folder },
        [new("orders", "About.", 12, [new("Rates", [new("orders a second", "#,0")], [new("single", [rates])])], "one\norder")]);

    /// <summary>A round of two seconds.</summary>
    private static LoadSample Sample(string name, int orders, double latency, int errors = 0) => new(
        name, new LoadReport(2, [.. Enumerable.Repeat(latency, orders)], errors, errors > 0 ? "no" : null),
        new ProcessUsage(0.2, new Dictionary<int, double> { [1] = 0.1 }, 600, 4000, 100_000, 50_000_000));

    private static string Cell(ResultTable table, string row, string column)
    {
        var at = table.Columns.Select(c => c.Name).ToList().IndexOf(column);
        return RoundStatistics.Spread(table.Rows.Single(r => r.Name == row).Values[at], table.Columns[at].Format);
    }
}
