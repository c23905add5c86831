using System.Text.Json;
using Commerce.Bench.Sections;
using Xunit;

namespace Commerce.Bench.Tests;

public sealed class SectionTests
{
    [Fact]
    public void Where_no_order_was_served_there_is_no_figure_and_the_problem_is_told()
    {
        Round[] rounds = [Made.Round("single", 0, 0, errors: 3), Made.Round("plain", 100, 5)];
        var found = OrderSheets.Of(rounds, [new OpenLoop("plain", 50, rounds)], "plain");
        var costs = found.Sheets[0];
        Assert.Equal(["p99, ms", "none", "5.0 (5.0 to 5.0)"], costs.Rows.Single(r => r[0] == "p99, ms"));
        Assert.Equal(["CPU ms an order, in all", "none", "3.00 (3.00 to 3.00)"], costs.Rows.Single(r => r[0] == "CPU ms an order, in all"));
        Assert.Equal(["single", "0.00 (0.00 to 0.00)", "none", "none"], Assert.Single(found.Sheets[2].Rows));
        Assert.Equal("single: 3 orders failed. The first: no", found.Problem);
        using var raw = JsonDocument.Parse(
            Made.Results(new SectionResult("orders", "All.", 1, found)).ToJson(indented: false));
        var first = raw.RootElement.GetProperty("sections")[0].GetProperty("found").GetProperty("raw").GetProperty("closed")[0];
        Assert.Equal(JsonValueKind.Null, first.GetProperty("p99").ValueKind);
    }

    [Fact]
    public void Event_lag_is_shown_beside_what_is_wanted()
    {
        var load = new Loaded(2, [5, 6], 0, null);
        var found = Lag.Told(
        [
            new LagRound("single", load, new Loaded(2, [.. Enumerable.Range(1, 1000).Select(n => n / 10.0)], 0, null)),
            new LagRound("cluster", load with { Errors = 2, FirstError = "no" }, new Loaded(2, [], 0, null)),
        ]);
        Assert.Equal(
            [
                "single", "1 (1 to 1)", "500 (500 to 500)", "50.0 (50.0 to 50.0)", "99.9 (99.9 to 99.9)", "under 50", "99.0 (99.0 to 99.0)",
            ],
            found.Sheets[0].Rows[0]);
        Assert.Equal("none", found.Sheets[0].Rows[1][6]);
        Assert.Equal("cluster: 2 orders failed. The first: no", found.Problem);
    }

    [Fact]
    public void Starts_are_told_apart_by_whether_the_databases_were_there()
    {
        var found = Start.Told(
        [
            new("single", "makes its databases", 3, 2, 1), new("single", "databases are there", 1, 0.5, 0.1),
            new("single", "makes its databases", 5, 4, 3), new("single", "databases are there", 2, 0.5, 0.1),
        ]);
        Assert.Equal(
            [
                ["single, makes its databases", "2", "4.00 (3.00 to 5.00)", "3.00 (2.00 to 4.00)", "2.00 (1.00 to 3.00)"],
                ["single, databases are there", "2", "1.50 (1.00 to 2.00)", "0.50 (0.50 to 0.50)", "0.10 (0.10 to 0.10)"],
            ],
            found.Sheets[0].Rows);
    }

    [Fact]
    public void A_benchmark_is_named_with_its_engine_and_one_that_broke_off_is_a_problem()
    {
        var found = Micro.Told("""
            something said before
            [{"of":"Rules","name":"decide","mean":1234.5,"error":10,"allocated":2048},{"of":"ClusterCalls","name":"call"}]

            """);
        Assert.Equal([["decide", "1.235", "0.010", "2,048"], ["call, cluster", "none", "none", "none"]], found.Sheets[0].Rows);
        Assert.Equal("The benchmark 'call, cluster' did not run to its end.", found.Problem);
    }
}
