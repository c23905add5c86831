using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Commerce.Bench;

/// <summary>What the orders of a load look like.</summary>
/// <param name="Products">Number of products to choose from.</param>
/// <param name="Lines">Lines of an order, each of another product while there are enough.</param>
/// <param name="Customer">Id of the customer; null: a guest.</param>
/// <param name="SortedKeys">True: keys that sort by time (UUIDv7), as clients are advised to send. False: random keys.</param>
internal sealed record OrderShape(int Products = 300, int Lines = 3, string? Customer = null, bool SortedKeys = true);

/// <summary>
/// Sends orders: placed, held, authorized and confirmed in one request, shipped and captured in a second. It is not the typed client,
/// because the hand-written services answer less than the API does, and the cost of reading answers must not differ between the systems.
/// </summary>
internal sealed class OrderClient(Uri address, int connections, OrderShape? shape = null) : IDisposable
{
    /// <summary>The API key of each run's clients. Those systems that ask for none are sent it as well.</summary>
    public static readonly string Key = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));

    private const long UnitsOfEach = 1_000_000_000;

    private readonly OrderShape _shape = shape ?? new OrderShape();

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", Key) },
    };

    /// <summary>Creates the products and receives stock of each.</summary>
    public Task Stock(CancellationToken cancel) => Parallel.ForEachAsync(
        Enumerable.Range(0, _shape.Products), new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancel },
        async (n, stop) =>
        {
            var sku = Sku(n);
            var price = $$"""{"currency":"GBP","unitPrice":{{100 + n}}}""";
            var product = $$"""{"sku":"{{sku}}","name":"Product {{n}}","kind":"goods","prices":[{{price}}]}""";
            await Post("/products", $"product-{sku}", product, stop);
            await Post($"/stock/{sku}/receipts", $"receipt-{sku}", $$"""{"quantity":{{UnitsOfEach}}}""", stop);
        });

    /// <summary>One order to cash; returns its id.</summary>
    /// <exception cref="BenchException">The order was not confirmed or not shipped.</exception>
    public async Task<string> Order(Random random, CancellationToken cancel)
    {
        var first = random.Next(_shape.Products);
        var lines = string.Join(',', Enumerable.Range(0, _shape.Lines).Select(n =>
            $$"""{"sku":"{{Sku((first + (n * 101)) % _shape.Products)}}","quantity":{{n + 1}}}"""));
        var buyer = _shape.Customer is { } customer ? $"\"customerId\":\"{customer}\"" : "\"guest\":{\"name\":\"Ada Lovelace\"}";
        var key = (_shape.SortedKeys ? Guid.CreateVersion7() : Guid.NewGuid()).ToString();
        var order = $$"""{{{buyer}},"currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{{lines}}]}""";
        var placed = await Post("/orders", key, order, cancel);
        Expect(placed, "confirmed");
        var id = placed.GetProperty("id").GetString()!;
        Expect(await Post($"/orders/{id}/shipments", $"{key}-ship", "{}", cancel), "shipped");
        return id;
    }

    public void Dispose() => _http.Dispose();

    private static string Sku(int n) => $"SKU-{n:000}";

    private static void Expect(JsonElement order, string status)
    {
        if (order.GetProperty("status").GetString() is var actual && actual != status)
            throw new BenchException($"An order should be {status} and is {actual}: {order}");
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
