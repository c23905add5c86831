using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Commerce.Testing;
using Npgsql;
using Xunit;

namespace Commerce.Bench.Tests;

/// <summary>What we compare with does what it is compared for: otherwise it would be fast for nothing.</summary>
public abstract class ComparedTests : IAsyncLifetime
{
    private readonly string _name = TestPostgres.NewPrefix();
    private readonly HttpClient _http = new();
    private NpgsqlDataSource _postgres = null!;
    private Subject _subject = null!;

    /// <summary>How many orders were shipped, with three lines each.</summary>
    protected abstract string Shipped { get; }

    /// <summary>What all orders come to.</summary>
    protected abstract string Ordered { get; }

    /// <summary>What all payments have taken.</summary>
    protected abstract string Captured { get; }

    /// <summary>How many entries the ledger has, each of two postings.</summary>
    protected abstract string Entries { get; }

    /// <summary>The sum of all postings.</summary>
    protected abstract string Balance { get; }

    /// <summary>How many units of all SKUs that begin so are set aside, and how many there are.</summary>
    protected abstract (string Held, string OnHand) Stock(string sku);

    /// <summary>Starts it on databases of that name, made if they are missing, and says which one its rows are in.</summary>
    internal abstract Task<(Subject Subject, string Database)> Start(string server, string name, CancellationToken cancel);

    public async ValueTask InitializeAsync()
    {
        var server = await TestPostgres.ConnectionString();
        (_subject, var database) = await Start(server, _name, TestContext.Current.CancellationToken);
        _postgres = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server) { Database = database });
    }

    public async ValueTask DisposeAsync()
    {
        await _subject.DisposeAsync();
        await _postgres.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task The_benchs_order_goes_from_order_to_cash_and_the_ledger_balances()
    {
        using var client = new OrderClient(_subject.Address, 8);
        await client.Stock(TestContext.Current.CancellationToken);
        var before = await Scalar(Stock("SKU-").OnHand);
        var load = await Load.Closed(client, 8, TimeSpan.FromSeconds(1), 1, TestContext.Current.CancellationToken);
        Assert.Equal((0, null), (load.Errors, load.FirstError));
        Assert.True(load.Latencies.Length > 0);
        Assert.Equal(load.Latencies.Length, await Scalar(Shipped));
        Assert.Equal(load.Latencies.Length, await Scalar(Entries));
        Assert.Equal(0, await Scalar(Balance));
        Assert.Equal(await Scalar(Ordered), await Scalar(Captured));
        Assert.Equal((0, before - (6 * load.Latencies.Length)), (await Scalar(Stock("SKU-").Held), await Scalar(Stock("SKU-").OnHand)));
    }

    [Fact]
    public async Task What_is_not_there_is_not_sold_whoever_wants_it_at_the_same_time()
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
    public async Task Orders_whose_processes_were_killed_go_on_where_they_were_when_they_are_repeated()
    {
        // Many SKUs and customers, so that many orders are on their way at once, each at another step.
        for (var n = 0; n < 20; n++) await Give($"SOME-{n}", 1_000_000);
        var (placed, answered) = (0, 0);
        var customers = Enumerable.Range(0, 30).Select(_ => Task.Run(UntilKilled)).ToList();
        while (Volatile.Read(ref answered) < 30) await Task.Delay(1);
        await _subject.DisposeAsync();
        await Task.WhenAll(customers);

        (_subject, _) = await Start(await TestPostgres.ConnectionString(), _name, TestContext.Current.CancellationToken);
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
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_subject.Address, path))
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
