using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>What we compare with does what it is compared for: otherwise it would be fast for nothing.</summary>
public sealed class PlainTests : IAsyncLifetime
{
    private readonly string _database = TestPostgres.NewPrefix();
    private readonly HttpClient _http = new();
    private NpgsqlDataSource _postgres = null!;
    private Subject _plain = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await TestPostgres.ConnectionString();
        await using (var admin = NpgsqlDataSource.Create(server))
        await using (var make = admin.CreateCommand($"create database {_database}"))
            await make.ExecuteNonQueryAsync();
        var mine = new NpgsqlConnectionStringBuilder(server) { Database = _database }.ConnectionString;
        _postgres = NpgsqlDataSource.Create(mine);
        var program = Path.Combine(AppContext.BaseDirectory, "Commerce.Plain.dll");
        _plain = await Subject.Plain(program, mine, TestContext.Current.CancellationToken);
        _http.BaseAddress = _plain.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _plain.DisposeAsync();
        await _postgres.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task The_benchs_order_goes_from_order_to_cash_and_the_ledger_balances()
    {
        using var client = new OrderClient(_plain.Address, 8);
        await client.Stock(TestContext.Current.CancellationToken);
        var load = await Load.Closed(client, 8, TimeSpan.FromSeconds(1), 1, TestContext.Current.CancellationToken);
        Assert.Equal((0, null), (load.Errors, load.FirstError));
        Assert.True(load.Latencies.Length > 0);
        Assert.Equal(load.Latencies.Length, await Scalar("select count(*) from orders where status = 'shipped'"));
        Assert.Equal(3L * load.Latencies.Length, await Scalar("select count(*) from order_lines"));
        Assert.Equal(0, await Scalar("select sum(amount)::bigint from ledger"));
        Assert.Equal(await Scalar("select sum(total)::bigint from orders"), await Scalar("select sum(captured)::bigint from payments"));
        Assert.Equal(0, await Scalar("select sum(held)::bigint from stock"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_sold_whoever_wants_it_at_the_same_time()
    {
        await Give("LAST", 5);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Order($"key-{n}", "LAST", 1)));
        Assert.Equal(5, answers.Count(a => a.GetProperty("status").GetString() == "confirmed"));
        Assert.Equal(15, answers.Count(a => a.GetProperty("reason").GetString() == "out_of_stock"));
        Assert.Equal(5, await Scalar("select held from stock where sku = 'LAST'"));
    }

    [Fact]
    public async Task A_repeated_key_is_one_order()
    {
        await Give("SOME", 100);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Order("the same", "SOME", 2)));
        Assert.Single(answers.Select(a => a.GetProperty("id").GetString()).Distinct());
        Assert.Equal(2, await Scalar("select held from stock where sku = 'SOME'"));
    }

    private async Task Give(string sku, int units)
    {
        await Send("/products", sku, $$"""{"sku":"{{sku}}","name":"{{sku}}","prices":[{"currency":"GBP","unitPrice":250}]}""");
        await Send($"/stock/{sku}/receipts", sku, $$"""{"quantity":{{units}}}""");
    }

    private async Task<JsonElement> Order(string key, string sku, int units)
    {
        var (status, body) = await Send(
            "/orders", key, $$"""{"currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{"sku":"{{sku}}","quantity":{{units}}}]}""");
        Assert.Equal(HttpStatusCode.Created, status);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private async Task<(HttpStatusCode Status, string Body)> Send(string path, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var answer = await _http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<long> Scalar(string sql)
    {
        await using var command = _postgres.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
