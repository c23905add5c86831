using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace Commerce.Histories;

/// <summary>
/// Many clients at few SKUs: customers who want the last units, clerks who receive and count, cashiers who move the money of the same
/// payments by hand, and readers. They go on until they are stopped; everything that they see is recorded.
/// </summary>
public sealed class Market : IAsyncDisposable
{
    private static readonly IReadOnlyList<(string Sku, long Units)> Shelves = [("LAST", 2), ("FEW", 10), ("SOME", 40)];
    private static readonly TimeSpan Eager = TimeSpan.FromMilliseconds(20);

    /// <summary>Movements of a payment after which it is left alone, so that its history stays short enough to be searched.</summary>
    private const int MovesEach = 16;

    private readonly HttpClient _http;
    private readonly TimeSpan _pause;
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<string> _left = [];
    private readonly List<Shopper> _shoppers = [];
    private (string? Payment, int Moves) _counter;
    private Task _running = Task.CompletedTask;

    private Market(HttpClient http, TimeSpan pause) => (_http, _pause) = (http, pause);

    /// <summary>All that they saw.</summary>
    public Recorder Recorder { get; } = new();

    private static IReadOnlyList<string> Skus { get; } = [.. Shelves.Select(s => s.Sku)];

    private ShopClient Client => new(_http, Recorder);

    /// <summary>Opens it.</summary>
    /// <param name="address">The server.</param>
    /// <param name="key">An API key for all that clients do here.</param>
    /// <param name="way">What stands between the clients and the server, if anything does.</param>
    /// <param name="pause">
    /// How long each client rests between two actions. Eager clients take all of a small machine, so that processes start slowly on it.
    /// </param>
    public static async Task<Market> Open(Uri address, string key, HttpMessageHandler? way = null, TimeSpan? pause = null)
    {
        var http = new HttpClient(way ?? new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var market = new Market(http, pause ?? Eager);
        await market.FillShelves();
        market._running = Task.WhenAll(
        [
            .. Enumerable.Range(0, 6).Select(n => market.Shop(n)), .. Enumerable.Range(0, 2).Select(n => market.Stock(n)),
            .. Enumerable.Range(0, 3).Select(n => market.MoveMoney(n)), .. Enumerable.Range(0, 2).Select(n => market.Read(n)),
        ]);
        return market;
    }

    /// <summary>Waits until <paramref name="more"/> further operations were recorded.</summary>
    public Task Until(int more) => Until(() => Recorder.Count, more);

    /// <summary>Waits until this number of further orders was seen settled by the clients that placed them.</summary>
    public Task UntilOrders(int more) => Until(() => Recorder.Orders.Values.Count(status => status is not null), more);

    private async Task Until(Func<int> count, int more)
    {
        for (var wanted = count() + more; count() < wanted; await Task.Delay(20))
            if (_running.IsCompleted) await _running;
    }

    /// <summary>Lets each client finish what it is about; then everything is read once more, and the books are compared.</summary>
    public async Task Close()
    {
        await _enough.CancelAsync();
        await _running;
        var clerk = new StockClerk("auditor", Client, Recorder, new Random(0));
        var cashier = new Cashier("auditor", Client, Recorder, new Random(0));
        foreach (var sku in Skus)
            while (!await clerk.Read(sku)) await Task.Delay(Eager);
        foreach (var payment in Recorder.Payments)
            while ((await cashier.Read(payment)).Answered is null) await Task.Delay(Eager);
        await new ClosingBooks(Client, Recorder).Check();
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        try
        {
            await _running;
        }
        catch (Exception failed) when (failed is TimeoutException or InvalidOperationException)
        {
            // The test that disposes of it has failed for that already.
        }

        _http.Dispose();
        _enough.Dispose();
    }

    private async Task FillShelves()
    {
        var clerk = new StockClerk("first", Client, Recorder, new Random(0));
        foreach (var (sku, units) in Shelves)
        {
            var product = await Client.Post("/products", $"product-{sku}", new
            {
                sku, name = $"A {sku}", kind = "goods", prices = new[] { new { currency = "GBP", unitPrice = 100 } },
            });
            if (!product.Reply.Accepted)
                throw new InvalidOperationException($"POST /products: {product.Reply.Status} {product.Reply.Body}");
            await clerk.Receive(sku, units);
        }
    }

    private async Task Shop(int n)
    {
        var shopper = new Shopper($"buyer{n}", Client, Recorder, new Random(n));
        lock (_shoppers) _shoppers.Add(shopper);
        for (; !_enough.IsCancellationRequested; await Task.Delay(_pause))
            if (await shopper.Order(Skus) is { } left) _left.Enqueue(left);
    }

    private async Task Stock(int n)
    {
        var random = new Random(100 + n);
        var clerk = new StockClerk($"clerk{n}", Client, Recorder, random);
        for (; !_enough.IsCancellationRequested; await Task.Delay(_pause)) await clerk.Work(Skus[random.Next(Skus.Count)]);
    }

    private async Task MoveMoney(int n)
    {
        var cashier = new Cashier($"cashier{n}", Client, Recorder, new Random(200 + n));
        for (; !_enough.IsCancellationRequested; await Task.Delay(_pause))
            if (NextMove() is { } payment) await cashier.Move(payment);
    }

    private async Task Read(int n)
    {
        var random = new Random(300 + n);
        var clerk = new StockClerk($"reader{n}", Client, Recorder, random);
        var cashier = new Cashier($"reader{n}", Client, Recorder, random);
        for (; !_enough.IsCancellationRequested; await Task.Delay(_pause / 4))
        {
            await clerk.Read(Skus[random.Next(Skus.Count)]);
            string? payment;
            lock (_shoppers) payment = random.Next(2) == 0 ? _counter.Payment : _shoppers[random.Next(_shoppers.Count)].Payment;
            if (payment is not null) await cashier.Read(payment);
        }
    }

    private string? NextMove()
    {
        lock (_shoppers)
        {
            if (_counter.Payment is null || _counter.Moves >= MovesEach) _counter = (_left.TryDequeue(out var next) ? next : null, 0);
            _counter.Moves++;
            return _counter.Payment;
        }
    }
}
