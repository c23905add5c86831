using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>A system that the product is compared with keeps the same promises, or the comparison means nothing.</summary>
public abstract class ComparedSystemTests : IAsyncLifetime
{
    private readonly string _name = TestPostgres.NewPrefix();
    private readonly HttpClient _http = new();
    private NpgsqlDataSource _postgres = null!;
    private SystemUnderTest _system = null!;

    protected abstract string Shipped { get; }

    protected abstract string Ordered { get; }

    protected abstract string Captured { get; }

    protected abstract string Entries { get; }

    protected abstract string Balance { get; }

    protected abstract (string Held, string OnHand) Stock(string sku);

    internal abstract Task<(SystemUnderTest System, string Database)> Start(string server, string name, CancellationToken cancel);

    /// <summary>A database of the server, made if it is not there.</summary>
    protected static async Task<string> Database(string server, string name, CancellationToken cancel)
    {
        await using var admin = NpgsqlDataSource.Create(server);
        await using var known = admin.CreateCommand($"select count(*) from pg_database where datname = '{name}'");
        await using var make = admin.CreateCommand($"create database {name}");
        if (await known.ExecuteScalarAsync(cancel) is 0L) await make.ExecuteNonQueryAsync(cancel);
        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public async ValueTask InitializeAsync()
    {
        var server = await TestPostgres.ConnectionString();
        (_system, var database) = await Start(server, _name, TestContext.Current.CancellationToken);
        _postgres = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = database });
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _postgres.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task An_order_of_the_bench_goes_to_cash_and_the_ledger_balances()
    {
        using var client = new OrderClient(_system.Address, 8);
        await client.Stock(TestContext.Current.CancellationToken);
        var before = await Scalar(Stock("SKU-").OnHand);
        var load = await LoadGenerator.Closed(client.Order, 8, TimeSpan.FromSeconds(1), 1, TestContext.Current.CancellationToken);
        Assert.Equal((0, null), (load.Errors, load.FirstError));
        Assert.True(load.Latencies.Length > 0);
        Assert.Equal(load.Latencies.Length, await Scalar(Shipped));
        Assert.Equal(load.Latencies.Length, await Scalar(Entries));
        Assert.Equal(0, await Scalar(Balance));
        Assert.Equal(await Scalar(Ordered), await Scalar(Captured));
        Assert.Equal((0, before - (6 * load.Latencies.Length)), (await Scalar(Stock("SKU-").Held), await Scalar(Stock("SKU-").OnHand)));
    }

    [Fact]
    public async Task The_last_units_are_sold_once_to_concurrent_orders()
    {
        await Give("LAST", 5);
        await Give("PLENTY", 100);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Order($"key-{n}", ("PLENTY", 2), ("LAST", 1))));
        Assert.Equal(5, answers.Count(a => a.GetProperty("status").GetString() == "confirmed"));
        Assert.Equal(15, answers.Count(a => a.GetProperty("reason").GetString() == "out_of_stock"));
        Assert.Equal(5, await Scalar(Stock("LAST").Held));
        Assert.Equal(10, await Scalar(Stock("PLENTY").Held));
    }

    [Fact]
    public async Task A_repeated_key_is_one_order()
    {
        await Give("SOME", 100);
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Order("the same", ("SOME", 2))));
        Assert.Single(answers.Select(a => a.GetProperty("id").GetString()).Distinct());
        Assert.Equal(2, await Scalar(Stock("SOME").Held));
        var id = answers[0].GetProperty("id").GetString();
        var shipped = await Task.WhenAll(Enumerable.Range(0, 10).Select(n => Send($"/orders/{id}/shipments", $"ship-{n}", "{}")));
        Assert.All(shipped, s => Assert.Contains("\"shipped\"", s.Body));
        Assert.Equal((0, 98), (await Scalar(Stock("SOME").Held), await Scalar(Stock("SOME").OnHand)));
        Assert.Equal(1, await Scalar(Entries));
    }

    [Fact]
    public async Task A_key_that_was_used_for_another_order_is_refused()
    {
        await Give("SOME", 100);
        await Order("the same", ("SOME", 2));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Send("/orders", "the same", Body(("SOME", 3)))).Status);
        Assert.Equal(2, await Scalar(Stock("SOME").Held));
    }

    [Fact]
    public async Task A_repeated_order_goes_on_where_the_process_was_killed()
    {
        // Many SKUs and customers, so that many orders are on their way at once, each at another step.
        for (var n = 0; n < 20; n++) await Give($"SOME-{n}", 1_000_000);
        var (placed, answered) = (0, 0);
        var customers = Enumerable.Range(0, 30).Select(_ => Task.Run(UntilKilled)).ToList();
        while (Volatile.Read(ref answered) < 30) await Task.Delay(1);
        await _system.DisposeAsync();
        await Task.WhenAll(customers);

        (_system, _) = await Start(await TestPostgres.ConnectionString(), _name, TestContext.Current.CancellationToken);
        var again = await Task.WhenAll(Enumerable.Range(1, placed).Select(Place));
        Assert.All(again, o => Assert.Equal("confirmed", o.GetProperty("status").GetString()));
        Assert.Equal(placed * 6, await Scalar(Stock("SOME").Held));
        Assert.Equal(placed * 6 * 250, await Scalar(Ordered));

        Task<JsonElement> Place(int n) =>
            Order($"key-{n}", ($"SOME-{n % 20}", 2), ($"SOME-{(n + 7) % 20}", 2), ($"SOME-{(n + 13) % 20}", 2));

        async Task UntilKilled()
        {
            try
            {
                for (;; Interlocked.Increment(ref answered)) await Place(Interlocked.Increment(ref placed));
            }
            catch (HttpRequestException)
            {
                // this customer's last order is lost, as is meant
            }
        }
    }

    private async Task Give(string sku, int units)
    {
        await Send("/products", sku, $$"""{"sku":"{{sku}}","name":"{{sku}}","prices":[{"currency":"GBP","unitPrice":250}]}""");
        await Send($"/stock/{sku}/receipts", sku, $$"""{"quantity":{{units}}}""");
    }

    private static string Body(params (string Sku, int Units)[] lines)
    {
        var wanted = lines.Select(l => $$"""{"sku":"{{l.Sku}}","quantity":{{l.Units}}}""");
        return $$"""{"currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{{string.Join(',', wanted)}}]}""";
    }

    private async Task<JsonElement> Order(string key, params (string Sku, int Units)[] lines)
    {
        var (status, body) = await Send("/orders", key, Body(lines));
        Assert.Equal(HttpStatusCode.Created, status);
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private async Task<(HttpStatusCode Status, string Body)> Send(string path, string key, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_system.Address, path))
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
