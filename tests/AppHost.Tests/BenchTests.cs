using System.Text.Json;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class BenchTests : IDisposable
{
    private readonly Checkout _checkout = new();

    /// <summary>Less of it than the README shows, which takes minutes: one section, one subject, one short round.</summary>
    [Fact]
    [Trait("readme", "./commerce bench --quick")]
    public async Task A_bench_measures_from_anywhere_names_its_results_and_compares_with_them()
    {
        string[] small = ["bench", "lag", "--quick", "--only", "single", "--rounds", "1", "--seconds", "0.5", "--out", "results"];
        var (exit, output) = await _checkout.Run([.. small, "--json"]);
        Assert.True(exit == 0, output);
        Assert.Contains("Event lag at half of the highest rate", output);
        Assert.Contains("Written: results/latest.md, results/latest.json", output);
        Assert.DoesNotContain('\u001b', output);
        var line = output.TrimEnd('\n').Split('\n').Last(l => l.StartsWith('{'));
        var table = JsonSerializer.Deserialize<JsonElement>(line).GetProperty("sections")[0].GetProperty("tables")[0];
        Assert.Equal("events a second", table.GetProperty("columns")[1].GetProperty("name").GetString());
        Assert.True(table.GetProperty("rows")[0].GetProperty("values")[1][0].GetDouble() > 0, output);

        (exit, output) = await _checkout.Run([.. small, "--compare", "results/latest.json"]);
        Assert.True(exit == 0, output);
        Assert.Contains("lag: before, now and the ratio", output);
    }

    public void Dispose() => _checkout.Dispose();
}
