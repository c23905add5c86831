using System.Diagnostics;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Commerce.Journal;

namespace Commerce.Bench.Data;

/// <summary>A single process that has done business for a while: with so many orders in its databases.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly Workbench _bench;
    private readonly string _postgres;
    private readonly string _prefix;

    private Installation(Workbench bench, string postgres, string prefix, int orders) =>
        (_bench, _postgres, _prefix, Orders) = (bench, postgres, prefix, orders);

    /// <summary>How many orders it was given.</summary>
    public int Orders { get; }

    /// <summary>The process, while it runs.</summary>
    public Subject Subject { get; private set; } = null!;

    /// <summary>Makes one; it runs, its products are in stock, and its read models are up to date.</summary>
    public static async Task<Installation> Make(
        Workbench bench, string postgres, int orders, CancellationToken cancel, string? prefix = null)
    {
        var made = new Installation(bench, postgres, prefix ?? $"with{orders}", orders);
        try
        {
            var whole = Stopwatch.StartNew();
            await made.Start(cancel);
            await made.Fill(cancel);
            await made.Start(cancel);
            await made.CaughtUp(cancel);
            await using (var databases = await CommerceDatabases.Open(postgres, made._prefix, Capabilities.All, cancel: cancel))
                await Seed.Settle(databases, cancel);
            bench.Tell($"{orders:#,0} orders: in place after {whole.Elapsed.TotalSeconds:0} s");
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process.</summary>
    public async Task Start(CancellationToken cancel) =>
        Subject = await Subject.SingleProcess(_bench, _postgres, cancel, _prefix);

    /// <summary>Ends it.</summary>
    public async Task Stop()
    {
        if (Subject is not null) await Subject.DisposeAsync();
        Subject = null!;
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task Fill(CancellationToken cancel)
    {
        _bench.Tell($"{Orders:#,0} orders: placing two real ones, to copy");
        var customer = Seed.Customer(0);
        using var guest = new OrderClient(Subject.Address, 16);
        using var registered = new OrderClient(Subject.Address, 1, new Assortment(Customer: customer));
        await guest.Stock(cancel);
        await Register(customer, cancel);
        (string Id, string? Customer)[] real =
            [(await guest.Order(new Random(1), cancel), null), (await registered.Order(new Random(2), cancel), customer)];
        await CaughtUp(cancel);
        await Stop();
        await using var databases = await CommerceDatabases.Open(
            _postgres, _prefix, Capabilities.All, new JournalOptions { MaxBatch = 4_000, MaxBatchBytes = 16 * 1024 * 1024 }, cancel);
        var patterns = new List<OrderPattern>();
        foreach (var (id, whose) in real) patterns.Add(await OrderPattern.Of(databases, Seed.Places, id, whose, cancel));
        await Seed.Fill(databases, patterns, Orders, what => _bench.Tell($"{Orders:#,0} orders: {what}"), cancel);
    }

    private async Task Register(string id, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = Subject.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/customers")
        {
            Content = new StringContent(
                $$"""{"id":"{{id}}","name":"Grace Hopper","email":"grace@example.com"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", id);
        using var answer = await http.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"POST /customers: {await answer.Content.ReadAsStringAsync(cancel)}");
    }

    /// <summary>Waits until reactions and read models have seen all there is.</summary>
    private async Task CaughtUp(CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = Subject.Address, Timeout = TimeSpan.FromSeconds(60) };
        for (var told = Stopwatch.StartNew(); ; await Task.Delay(250, cancel))
        {
            var models = await http.GetFromJsonAsync<JsonElement>("/operations/read-models", cancel);
            var flow = await http.GetFromJsonAsync<JsonElement>("/operations/subscriptions", cancel);
            if (flow.GetProperty("parked") is var parked && parked.GetArrayLength() > 0)
                throw new BenchException($"A reaction failed: {parked}");
            var waiting = flow.GetProperty("lag").EnumerateArray().Sum(l => l.GetProperty("facts").GetInt64());
            var behind = models.EnumerateArray().Sum(m => m.GetProperty("lag").GetInt64());
            var building = models.EnumerateArray().Any(m => m.GetProperty("state").GetString() != "following");
            if (waiting == 0 && behind == 0 && !building) return;
            if (told.Elapsed < TimeSpan.FromSeconds(10)) continue;
            told.Restart();
            _bench.Tell($"{Orders:#,0} orders: {behind:#,0} facts are yet to be seen by read models");
        }
    }
}
