using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Commerce.Bench;

/// <summary>What is ordered.</summary>
/// <param name="Products">How many there are to choose from.</param>
/// <param name="Lines">How many an order has; the products are different as long as there are enough.</param>
/// <param name="Customer">Who orders; null: a guest.</param>
/// <param name="Sorted">
/// True: keys that sort by time (UUIDv7), as clients are advised, and with them the orders' ids; false: random ones.
/// </param>
internal sealed record Assortment(int Products = 300, int Lines = 3, string? Customer = null, bool Sorted = true);

/// <summary>
/// Who orders: three lines, unless told otherwise, held, authorized, confirmed; then shipped and captured. It is no typed client: the
/// subjects that are written by hand answer less than the API does, and what reading answers costs must not be measured with them.
/// </summary>
internal sealed class OrderClient(Uri address, int connections, Assortment? assortment = null) : IDisposable
{
    private const long Plenty = 1_000_000_000;

    private readonly Assortment _wanted = assortment ?? new Assortment();

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Makes the products and enough of each.</summary>
    public Task Stock(CancellationToken cancel) => Parallel.ForEachAsync(
        Enumerable.Range(0, _wanted.Products), new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancel },
        async (n, stop) =>
        {
            var sku = Sku(n);
            var price = $$"""{"currency":"GBP","unitPrice":{{100 + n}}}""";
            var product = $$"""{"sku":"{{sku}}","name":"Product {{n}}","kind":"goods","prices":[{{price}}]}""";
            await Post("/products", $"product-{sku}", product, stop);
            await Post($"/stock/{sku}/receipts", $"receipt-{sku}", $$"""{"quantity":{{Plenty}}}""", stop);
        });

    /// <summary>One order to cash.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="BenchException">It did not go as it should.</exception>
    public async Task<string> Order(Random random, CancellationToken cancel)
    {
        var first = random.Next(_wanted.Products);
        var lines = string.Join(',', Enumerable.Range(0, _wanted.Lines).Select(n =>
            $$"""{"sku":"{{Sku((first + (n * 101)) % _wanted.Products)}}","quantity":{{n + 1}}}"""));
        var who = _wanted.Customer is { } customer ? $"\"customerId\":\"{customer}\"" : "\"guest\":{\"name\":\"Ada Lovelace\"}";
        var key = (_wanted.Sorted ? Guid.CreateVersion7() : Guid.NewGuid()).ToString();
        var placed = await Post(
            "/orders", key,
            $$"""{{{who}},"currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{{lines}}]}""", cancel);
        Expect(placed, "confirmed");
        var id = placed.GetProperty("id").GetString()!;
        Expect(await Post($"/orders/{id}/shipments", $"{key}-ship", "{}", cancel), "shipped");
        return id;
    }

    public void Dispose() => _http.Dispose();

    private static string Sku(int n) => $"SKU-{n:000}";

    private static void Expect(JsonElement order, string status)
    {
        if (order.GetProperty("status").GetString() is var said && said != status)
            throw new BenchException($"An order should be {status} and is {said}: {order}");
    }

    private async Task<JsonElement> Post(string path, string key, string body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add("Prefer", "wait=30");
        using var answer = await _http.SendAsync(request, cancel);
        var text = await answer.Content.ReadAsByteArrayAsync(cancel);
        if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
            throw new BenchException($"POST {path} gave {(int)answer.StatusCode}: {Encoding.UTF8.GetString(text)}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }
}
