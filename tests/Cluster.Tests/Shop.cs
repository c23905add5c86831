using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Commerce.Cluster.Tests;

/// <summary>What an answer said, or that there was none.</summary>
/// <param name="Status">The HTTP status; null when the connection failed.</param>
/// <param name="Body">The body, or what failed.</param>
internal sealed record Reply(int? Status, string Body)
{
    /// <summary>True when the request was done.</summary>
    public bool Accepted => Status is >= 200 and < 300;

    /// <summary>True when the same request may be sent again and should then be answered.</summary>
    public bool Failed => Status is null or 429 or >= 500 || (Status == 409 && Body.Contains("\"request_in_progress\""));

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>The API as a client sees it.</summary>
internal sealed class Shop(Uri address) : IDisposable
{
    public const string Scarce = "SCARCE";
    public const int ScarceUnits = 60;
    public const int PlentyUnits = 1_000_000;
    public static readonly string[] Plenty = ["KETTLE", "MUG", "TEA-POT", "TEA-TOWEL"];

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };

    /// <summary>Fills the shelves: plenty of some, and too few of one.</summary>
    public async Task Stock()
    {
        foreach (var (sku, units) in Plenty.Select(s => (s, PlentyUnits)).Append((Scarce, ScarceUnits)))
        {
            await Must("/products", $"product-{sku}", new
            {
                sku, name = $"A {sku}", kind = "goods", prices = new[] { new { currency = "GBP", unitPrice = 250 } },
            });
            await Must($"/stock/{sku}/receipts", $"receipt-{sku}", new { quantity = units });
        }
    }

    public async Task<Reply> Post(string path, string key, object body, int wait = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Add("Idempotency-Key", key);
        if (wait > 0) request.Headers.Add("Prefer", $"wait={wait}");
        return await Send(request);
    }

    /// <summary>Retries until there is an answer.</summary>
    public async Task<JsonElement> Get(string path)
    {
        for (var tries = 0; ; tries++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            var reply = await Send(request);
            if (reply.Status == 200) return reply.Json;
            Assert.True(reply.Failed && tries < 600, $"GET {path}: {reply.Status} {reply.Body}");
            await Task.Delay(200);
        }
    }

    /// <summary>All items of a list.</summary>
    public async Task<List<JsonElement>> All(string path)
    {
        var all = new List<JsonElement>();
        for (string? cursor = null; ;)
        {
            var page = await Get($"{path}?limit=500{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            if (cursor is null) return all;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task Must(string path, string key, object body)
    {
        var reply = await Post(path, key, body);
        Assert.True(reply.Accepted, $"POST {path}: {reply.Status} {reply.Body}");
    }

    private async Task<Reply> Send(HttpRequestMessage request)
    {
        try
        {
            using var answer = await _http.SendAsync(request);
            return new Reply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException or IOException)
        {
            return new Reply(null, lost.Message);
        }
    }
}
