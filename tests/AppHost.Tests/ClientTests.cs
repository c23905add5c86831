using System.Text.Json;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class ClientTests : IDisposable
{
    private const string Nobody = "http://127.0.0.1:1";

    private static readonly HttpClient Http = new();

    private readonly Checkout _checkout = new();

    [Fact]
    [Trait("readme", "./commerce replay ../shared/data/online-retail/orders-2010-12.csv.gz")]
    [Trait("readme", "./commerce rebuild")]
    public async Task A_replay_agrees_to_the_penny_and_rebuilt_read_models_tell_the_same()
    {
        await using var up = _checkout.Start("up", "--single", "--port", "0", "--data", Path.Combine(_checkout.Temporary, "data"));
        var url = await up.Line("ready: ");
        var (agrees, table) = await _checkout.Run("replay", SmallMonth(), "--json", "--gateway", url);
        Assert.True(agrees == 0, table);
        var result = JsonSerializer.Deserialize<JsonElement>(table.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(4 * 255 + 2 * 999, result.GetProperty("sales").GetProperty("pence").GetInt64());
        Assert.Equal(-255, result.GetProperty("cancellations").GetProperty("pence").GetInt64());

        var sales = await Http.GetStringAsync($"{url}/reports/sales?from=2010-12-01&to=2010-12-31");
        var days = JsonSerializer.Deserialize<JsonElement>(sales).GetProperty("days").EnumerateArray().ToList();
        Assert.Equal(2, days.Sum(d => d.GetProperty("orders").GetInt32()));
        Assert.Equal(4 * 255 + 2 * 999, days.Sum(d => d.GetProperty("gross").GetInt64()));
        var (all, output) = await _checkout.Run("rebuild", "--gateway", url);
        Assert.Equal(0, all);
        Assert.Equal(sales, await Http.GetStringAsync($"{url}/reports/sales?from=2010-12-01&to=2010-12-31"));

        var (one, rebuilt) = await _checkout.Run("rebuild", "sales", "--gateway", url);
        Assert.Equal(0, one);
        var line = Assert.Single(rebuilt.Split('\n'), l => l.Contains("name sales", StringComparison.Ordinal));
        Assert.Contains(line, output);

        var (unknown, problem) = await _checkout.Run("rebuild", "no_such_model", "--gateway", url);
        Assert.Equal(1, unknown);
        Assert.Contains("no_such_model", problem);
    }

    [Theory]
    [InlineData(Nobody, "No gateway answers at")]
    [InlineData("not a url", "is not the address of a gateway")]
    public async Task A_gateway_that_does_not_answer_is_said_with_what_to_do(string url, string said)
    {
        var (exit, output) = await _checkout.Run("rebuild", "--gateway", url);
        Assert.Equal(1, exit);
        Assert.Contains(said, output);
        Assert.Contains("--gateway", output);
    }

    [Fact]
    public async Task The_replay_gets_its_arguments_and_gives_its_exit_code()
    {
        var missing = Path.Combine(_checkout.Temporary, "missing.csv");
        var (exit, output) = await _checkout.Run("replay", missing, "--json", "--gateway", Nobody);
        Assert.Equal(2, exit);
        Assert.Contains(missing, output);
    }

    public void Dispose() => _checkout.Dispose();

    /// <summary>Two invoices, one of them partly cancelled.</summary>
    private string SmallMonth()
    {
        var file = Path.Combine(_checkout.Temporary, "orders-2010-12.csv");
        File.WriteAllText(file, """
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,4,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
            536366,22423,REGENCY CAKESTAND,2,2010-12-02 09:30:00,9.99,13047.0,United Kingdom
            C536379,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-1,2010-12-03 09:41:00,2.55,17850.0,United Kingdom

            """);
        return file;
    }
}
