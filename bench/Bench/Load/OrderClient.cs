using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Commerce.Bench;

/// <summary>Who orders: three lines, held, authorized, confirmed; then shipped and captured.</summary>
internal sealed class OrderClient(Uri address, int connections) : IDisposable
{
    /// <summary>How many products there are; an order wants three of them.</summary>
    public const int Products = 300;

    private const long Plenty = 1_000_000_000;

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>Makes the products and enough of each.</summary>
    public Task Stock(CancellationToken cancel) => Parallel.ForEachAsync(
        Enumerable.Range(0, Products), new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancel },
        async (n, stop) =>
        {
            var sku = Sku(n);
            var price = $$"""{"currency":"GBP","unitPrice":{{100 + n}}}""";
            var product = $$"""{"sku":"{{sku}}","name":"Product {{n}}","kind":"goods","prices":[{{price}}]}""";
            await Post("/products", $"product-{sku}", product, stop);
            await Post($"/stock/{sku}/receipts", $"receipt-{sku}", $$"""{"quantity":{{Plenty}}}""", stop);
        });

    /// <summary>One order to cash.</summary>
    /// <exception cref="BenchException">It did not go as it should.</exception>
    public async Task Order(Random random, CancellationToken cancel)
    {
        var first = random.Next(Products);
        var lines = string.Join(',', Enumerable.Range(0, 3).Select(n =>
            $$"""{"sku":"{{Sku((first + (n * 101)) % Products)}}","quantity":{{n + 1}}}"""));
        var key = Guid.NewGuid().ToString();
        var placed = await Post(
            "/orders", key,
            $$"""{"guest":{"name":"Ada Lovelace"},"currency":"GBP","paymentMethod":"pm_sandbox_ok","lines":[{{lines}}]}""", cancel);
        Expect(placed, "confirmed");
        var id = placed.GetProperty("id").GetString();
        Expect(await Post($"/orders/{id}/shipments", $"{key}-ship", "{}", cancel), "shipped");
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
