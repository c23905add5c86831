using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Commerce.Silo.Tests;

/// <summary>A client of the API.</summary>
internal static class Asking
{
    /// <summary>What comes, which must have this status.</summary>
    public static async Task<JsonElement> Get(this OurProcess process, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await process.Http.GetAsync(path);
        return await Read(process, answer, status);
    }

    /// <summary>Posts and waits until it has settled.</summary>
    public static Task<JsonElement> Post(this OurProcess process, string path, string body, HttpStatusCode status) =>
        process.Send(HttpMethod.Post, path, body, status);

    public static async Task<JsonElement> Send(
        this OurProcess process, HttpMethod method, string path, string body, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            request.Headers.Add("Prefer", "wait=60");
        }

        using var answer = await process.Http.SendAsync(request);
        return await Read(process, answer, status);
    }

    /// <summary>A product with stock.</summary>
    public static async Task Goods(this OurProcess gateway, string sku, int quantity)
    {
        await gateway.Post(
            "/products", $$"""{"sku":"{{sku}}","name":"A {{sku}}","kind":"goods","prices":[{"currency":"GBP","unitPrice":250}]}""",
            HttpStatusCode.Created);
        await gateway.Post($"/stock/{sku}/receipts", $$"""{"quantity":{{quantity}}}""", HttpStatusCode.OK);
    }

    /// <summary>An order of a guest, as soon as it has settled.</summary>
    public static Task<JsonElement> Order(
        this OurProcess gateway, string id, string sku, string method = "pm_sandbox_ok") => gateway.Post(
        "/orders",
        $$"""
        {"id":"{{id}}","guest":{"name":"Guest"},"currency":"GBP","paymentMethod":"{{method}}","lines":[{"sku":"{{sku}}","quantity":2}]}
        """,
        HttpStatusCode.Created);

    /// <summary>Polls until it is so.</summary>
    public static async Task<JsonElement> Until(this OurProcess process, string path, Func<JsonElement, bool> isSo)
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await process.Http.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode && isSo(JsonDocument.Parse(text).RootElement)) return JsonDocument.Parse(text).RootElement;
            Assert.True(tries < 600, $"{path} still gives {(int)answer.StatusCode}: {text}");
            await Task.Delay(100);
        }
    }

    private static async Task<JsonElement> Read(OurProcess process, HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"Expected {(int)status}, got {(int)answer.StatusCode}: {text}\n{process.Output}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
