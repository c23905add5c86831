using Commerce.Bench.Data;

namespace Commerce.Bench;

/// <summary>Who only looks, at orders that <see cref="Seed"/> has made.</summary>
internal sealed class ReadClient(Uri address, int connections) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>One order.</summary>
    public Task Order(int n, CancellationToken cancel) => Get($"/orders/{Seed.Order(n)}", "\"shipped\"", cancel);

    /// <summary>So many of them from one number on, as many at a time as there are connections.</summary>
    public Task Orders(int from, int count, CancellationToken cancel) => Parallel.ForEachAsync(
        Enumerable.Range(from, count), new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancel },
        async (n, stop) => await Order(n, stop));

    /// <summary>The latest of a customer's orders.</summary>
    public Task OrdersOf(int customer, CancellationToken cancel) => Get(
        $"/orders?customer={Seed.Customer(customer)}&limit=20", Seed.Customer(customer), cancel);

    /// <summary>Sales of so many days, the first of them so many days ago.</summary>
    public Task Sales(int ago, int days, CancellationToken cancel)
    {
        var first = DateTime.UtcNow.Date.AddDays(-ago);
        return Get($"/reports/sales?from={first:yyyy-MM-dd}&to={first.AddDays(days - 1):yyyy-MM-dd}", "\"gross\"", cancel);
    }

    public void Dispose() => _http.Dispose();

    private async Task Get(string path, string expected, CancellationToken cancel)
    {
        using var answer = await _http.GetAsync(path, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode) throw new BenchException($"GET {path} gave {(int)answer.StatusCode}: {text}");
        if (!text.Contains(expected)) throw new BenchException($"GET {path} should say {expected} and says: {text}");
    }
}
