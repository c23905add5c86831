using System.Net.Http.Json;
using System.Text.Json;
using Commerce.Bench.Data;
using Commerce.Testing;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>Orders that were copied into the journals are to the product what orders are that it has served.</summary>
public sealed class InstallationTests : IAsyncLifetime
{
    private const int Orders = 40;
    private const int Real = 2;

    private readonly string _programs = Directory.CreateTempSubdirectory("commerce-bench-programs-").FullName;
    private readonly HttpClient _http = new();
    private Installation _installation = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateSymbolicLink(Path.Combine(_programs, "ApiGateway"), AppContext.BaseDirectory);
        _installation = await Installation.Make(
            new Workbench(_programs, Settings.InMinutes, _ => { }), await TestPostgres.ConnectionString(), Orders,
            TestContext.Current.CancellationToken, TestPostgres.NewPrefix());
        _http.BaseAddress = _installation.Subject.Address;
    }

    public async ValueTask DisposeAsync()
    {
        if (_installation is not null) await _installation.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_programs, recursive: true);
    }

    [Fact]
    public async Task What_was_copied_is_there_wherever_one_looks()
    {
        for (var n = 0; n < Orders; n++)
        {
            var order = await Get($"/orders/{Seed.Order(n)}");
            Assert.Equal("shipped", order.GetProperty("status").GetString());
            Assert.Equal(3, order.GetProperty("lines").GetArrayLength());
            var payment = await Get($"/payments/{order.GetProperty("paymentId").GetString()}");
            Assert.Equal("captured", payment.GetProperty("status").GetString());
        }

        var sales = (await Get("/reports/sales")).GetProperty("days").EnumerateArray().ToList();
        Assert.Equal(Orders + Real, sales.Sum(d => d.GetProperty("orders").GetInt64()));
        Assert.True(sales.Count > Orders / 2, "they should be on many days");
        foreach (var account in (await Get("/ledger/trial-balance")).GetProperty("rows").EnumerateArray())
            if (account.GetProperty("account").GetString() == "receivable") Assert.Equal(0, account.GetProperty("balance").GetInt64());
        Assert.Equal(2 * (Orders + Real), (await Get("/ledger/entries?limit=200")).GetProperty("items").GetArrayLength());
        using var reader = new ReadClient(_installation.Subject.Address, 2);
        await reader.OrdersOf(1, TestContext.Current.CancellationToken);
        await reader.Sales(Seed.Days + 2, Seed.Days + 3, TestContext.Current.CancellationToken);
    }

    private async Task<JsonElement> Get(string path) =>
        await _http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);
}
