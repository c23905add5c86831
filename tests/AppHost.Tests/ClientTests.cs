using System.Net.Http.Headers;
using System.Text.Json;
using Commerce.Testing;
using Xunit;

namespace Commerce.AppHost.Tests;

public sealed class ClientTests : IDisposable
{
    private const string Key = "a-secret-of-24-characters";
    private const string Nobody = "http://127.0.0.1:1";

    private static readonly HttpClient Http = new();

    private readonly Checkout _checkout = new();

    private string Data => Path.Combine(_checkout.Temporary, "data");

    [Fact]
    [Trait("readme", "./commerce replay")]
    [Trait("readme", "./commerce rebuild")]
    public async Task Replay_and_rebuild_find_the_running_up_get_their_tokens_and_tell_what_they_did()
    {
        await using var up = RunningUp(
            ("Commerce__ApiKeys__ops__Key", Key), ("Commerce__ApiKeys__ops__Roles__0", "operator"),
            ("Commerce__ApiKeys__ops__Roles__1", "finance"));
        var url = await up.Line("ready: ");
        var (agrees, table) = await _checkout.Run("replay", "--json", "--data", Data);
        Assert.True(agrees == 0, table);
        var result = JsonSerializer.Deserialize<JsonElement>(table.TrimEnd('\n').Split('\n')[^1]);
        Assert.InRange(result.GetProperty("sales").GetProperty("invoices").GetInt64(), 300, 400);
        Assert.True(result.GetProperty("cancellations").GetProperty("pence").GetInt64() < 0, table);

        var sales = await Sales(url, Key);
        var (all, output) = await _checkout.Run("rebuild", "--data", Data);
        Assert.True(all == 0, output);
        Assert.Equal(sales, await Sales(url, Key));
        Assert.Matches(@"rebuilt sales \(Orders\) of \d,\d{3} facts in \d+\.\d s", output);
        Assert.Matches(@"\n\d+ read models rebuilt, \d+,\d{3} facts looked at, \d+\.\d s\n", output);

        var file = Path.Combine(_checkout.Temporary, "key");
        await File.WriteAllTextAsync(file, Key + "\n");
        var (one, rebuilt) = await _checkout.Run("rebuild", "sales", "--gateway", url, "--api-key", $"@{file}");
        Assert.Equal(0, one);
        Assert.Contains("\n1 read model rebuilt, ", rebuilt);
        var (unknown, problem) = await _checkout.Run("rebuild", "no_such_model", "--data", Data);
        Assert.Equal(1, unknown);
        Assert.Contains("no_such_model", problem);

        foreach (var command in new[] { "rebuild", "replay" })
        {
            var (keyless, asked) = await _checkout.Run(command, "--gateway", url);
            Assert.NotEqual(0, keyless);
            Assert.Contains("--api-key", asked);
            var (wrong, refused) = await _checkout.Run(
                [command, "--data", Data], new Dictionary<string, string?> { ["COMMERCE_API_KEY"] = "two words" });
            Assert.Equal(1, wrong);
            Assert.Contains("COMMERCE_API_KEY is not a key", refused);
        }
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("rebuild")]
    public async Task Without_a_running_up_the_clients_say_what_to_do(string command)
    {
        var (exit, output) = await _checkout.Run(command, "--data", Data);
        Assert.Equal(1, exit);
        Assert.Equal(
            $"No ./commerce up is running with the data in {Data}.\n"
            + "Start it, or name its folder: --data DIR, or name the gateway: --gateway URL\n", output);
    }

    [Fact]
    public async Task A_file_of_ones_own_is_replayed_against_a_gateway_that_is_named()
    {
        await using var up = RunningUp(("Commerce__ApiKeys__mine__Key", Key), ("Commerce__ApiKeys__mine__Roles__0", "importer"));
        var url = await up.Line("ready: ");
        var keyed = new Dictionary<string, string?> { ["COMMERCE_API_KEY"] = Key };
        var (agrees, table) = await _checkout.Run(["replay", SmallMonth(), "--json", "--gateway", url], keyed);
        Assert.True(agrees == 0, table);
        var result = JsonSerializer.Deserialize<JsonElement>(table.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(4 * 255 + 2 * 999, result.GetProperty("sales").GetProperty("pence").GetInt64());
        Assert.Equal(-255, result.GetProperty("cancellations").GetProperty("pence").GetInt64());
    }

    [Theory]
    [InlineData(Nobody, "No gateway answers at", 1)]
    [InlineData("not a url", "is not the address of a gateway", 2)]
    public async Task A_gateway_that_does_not_answer_is_said_with_what_to_do(string url, string said, int code)
    {
        var (exit, output) = await _checkout.Run("rebuild", "--gateway", url);
        Assert.Equal(code, exit);
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

    private RunningProgram RunningUp(params (string Name, string Value)[] environment) => RunningProgram.StartCommand(
        Path.Combine(Checkout.Root, "commerce"), ["up", "--single", "--port", "0", "--data", Data], _checkout.Temporary,
        environment.ToDictionary(e => e.Name, e => (string?)e.Value));

    private static async Task<string> Sales(string url, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{url}/reports/sales?from=2019-03-01&to=2019-03-31");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Http.SendAsync(request);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

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
