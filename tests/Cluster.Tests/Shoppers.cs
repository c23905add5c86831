using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Commerce.Cluster.Tests;

/// <summary>An answer that said yes: from then on it is a promise.</summary>
/// <param name="What">The request: <c>place</c>, <c>ship</c>, <c>return</c>.</param>
/// <param name="Body">What it said.</param>
/// <param name="At">When, as time since the load began.</param>
internal sealed record Promise(string Order, string What, JsonElement Body, TimeSpan At);

/// <summary>A request that was not answered, or answered that it cannot be now. It was sent again with the same key.</summary>
internal sealed record Failure(string Order, string What, int? Status, string Body, TimeSpan At);

/// <summary>
/// Customers who shop without a pause, each placing an order, shipping it and now and then returning something. A failed request is sent
/// again with the same idempotency key until there is an answer. All accepted requests are recorded, to be checked.
/// </summary>
internal sealed class Shoppers : IAsyncDisposable
{
    private readonly Shop _shop;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentQueue<Promise> _promises = new();
    private readonly ConcurrentQueue<Failure> _failures = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly Task _shopping;

    public Shoppers(Shop shop, int count = 6)
    {
        _shop = shop;
        _shopping = Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Run(() => Shopping(n))));
    }

    public IReadOnlyCollection<Promise> Promises => _promises;

    public IReadOnlyCollection<Failure> Failures => _failures;

    /// <summary>Answers that no request of these should get.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    public TimeSpan Elapsed => _since.Elapsed;

    /// <summary>Waits until <paramref name="more"/> further requests were accepted.</summary>
    public async Task Until(int more)
    {
        for (var wanted = _promises.Count + more; _promises.Count < wanted; await Task.Delay(50))
            if (_shopping.IsCompleted) await _shopping;
    }

    /// <summary>Lets each finish what it is about, and stops.</summary>
    public async Task Stop()
    {
        _enough.Cancel();
        await _shopping;
    }

    /// <summary>The longest time between two promises: how long there was no service.</summary>
    public TimeSpan LongestGap()
    {
        var times = _promises.Select(p => p.At).Order().ToList();
        return times.Zip(times.Skip(1), (a, b) => b - a).DefaultIfEmpty().Max();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _enough.Dispose();
    }

    private async Task Shopping(int shopper)
    {
        for (var n = 0; !_enough.IsCancellationRequested; n++)
        {
            var order = $"ord_{shopper}-{n}";
            var sku = n % 5 == 4 ? Shop.Scarce : Shop.Plenty[(shopper + n) % Shop.Plenty.Length];
            var lines = new[]
            {
                new { sku, quantity = 2 }, new { sku = Shop.Plenty[n % Shop.Plenty.Length], quantity = 1 },
            };
            var placed = await Ask(order, "place", "/orders", 20, new
            {
                id = order, guest = new { name = $"Shopper {shopper}" }, currency = "GBP", lines, paymentMethod = "pm_sandbox_ok",
            });
            if (placed?.GetProperty("status").GetString() != "confirmed") continue;
            var shipped = await Ask(order, "ship", $"/orders/{order}/shipments", 20, new { id = $"shp_{shopper}-{n}" });
            if (shipped?.GetProperty("status").GetString() != "shipped" || n % 3 != 0) continue;
            await Ask(order, "return", $"/orders/{order}/returns", 0, new
            {
                id = $"ret_{shopper}-{n}", reason = "Changed my mind", lines = new[] { new { line = 1, quantity = 1 } },
            });
        }
    }

    private async Task<JsonElement?> Ask(string order, string what, string path, int wait, object body)
    {
        while (true)
        {
            var reply = await _shop.Post(path, $"{what}-{order}", body, wait);
            if (reply.Accepted)
            {
                _promises.Enqueue(new Promise(order, what, reply.Json, _since.Elapsed));
                return reply.Json;
            }

            if (!reply.Failed)
            {
                _wrong.Enqueue($"{what} {order}: {reply.Status} {reply.Body}");
                return null;
            }

            _failures.Enqueue(new Failure(order, what, reply.Status, reply.Body, _since.Elapsed));
            await Task.Delay(200);
        }
    }
}
