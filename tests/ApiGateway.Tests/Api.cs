using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Commerce.ApiGateway.Tests;

public sealed record Reply(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, string? MediaType)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Code => Json.GetProperty("code").GetString()!;

    /// <summary>A member by its path: <c>lines.0.shipped</c>.</summary>
    public JsonElement this[string path] => path.Split('.').Aggregate(
        Json, (at, step) => int.TryParse(step, out var index) ? at[index] : at.GetProperty(step));

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    /// <summary>The same, if it has this status; otherwise the test fails and shows what came.</summary>
    public Reply Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Body}");
        return this;
    }
}

/// <summary>A client of the API. A key is made for each POST unless one is given.</summary>
public sealed class Api(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        BaseAddress = address, Timeout = TimeSpan.FromMinutes(2),
    };

    public HttpClient Http => _http;

    /// <summary>What is sent as <c>Authorization: Bearer</c> where a request says nothing else; null: nothing.</summary>
    public string? Credentials
    {
        init => _http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    /// <summary>The header of a request with other credentials.</summary>
    public static (string, string) Bearer(string credentials) => ("Authorization", $"Bearer {credentials}");

    public Task<Reply> Get(string path, params (string, string)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Reply> Post(string path, string? body, string? key = null, params (string, string)[] headers) =>
        Send(HttpMethod.Post, path, body, [("Idempotency-Key", key ?? Guid.NewGuid().ToString()), .. headers]);

    /// <summary>Posts and waits until it has settled.</summary>
    public Task<Reply> PostAndWait(string path, string? body, string? key = null) => Post(path, body, key, ("Prefer", "wait=60"));

    public Task<Reply> Patch(string path, string body, params (string, string)[] headers) => Send(HttpMethod.Patch, path, body, headers);

    public Task<Reply> Put(string path, string body, params (string, string)[] headers) => Send(HttpMethod.Put, path, body, headers);

    public async Task<Reply> Send(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type") request.Content!.Headers.ContentType = value.Length == 0 ? null : MediaTypeHeaderValue.Parse(value);
            else if (name == "Content-Encoding") request.Content!.Headers.ContentEncoding.Add(value);
            else Assert.True(request.Headers.TryAddWithoutValidation(name, value), $"The client cannot send the header {name}.");
        }

        return await Send(request);
    }

    public async Task<Reply> Send(HttpRequestMessage request)
    {
        // A server that refuses a large body closes the connection before it has come whole. A client that sends on regardless may find the
        // pipe broken and never read the answer, so it asks first (RFC 9110, section 10.1.1).
        if (request.Content?.Headers.ContentLength > 1_000_000) request.Headers.ExpectContinue = true;
        using var answer = await _http.SendAsync(request);
        return new Reply(
            answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers, answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Goods in the catalogue with stock.</summary>
    public async Task Goods(string sku, long stock, decimal price = 255, string currency = "GBP")
    {
        (await Post("/products", FormattableString.Invariant(
            $$"""{"sku":"{{sku}}","name":"A {{sku}}","kind":"goods","prices":[{"currency":"{{currency}}","unitPrice":{{price}}}]}""")))
            .Expect(HttpStatusCode.Created);
        if (stock > 0) (await Post($"/stock/{sku}/receipts", $$"""{"quantity":{{stock}}}""")).Expect(HttpStatusCode.OK);
    }

    /// <summary>An order of one line by a guest, as soon as it has settled.</summary>
    public Task<Reply> Order(string id, string sku, long quantity, string method = "pm_sandbox_ok", string? key = null) => PostAndWait(
        "/orders",
        $$"""
        {"id":"{{id}}","guest":{"name":"Guest"},"currency":"GBP","paymentMethod":"{{method}}",
         "lines":[{"sku":"{{sku}}","quantity":{{quantity}}}]}
        """,
        key);

    /// <summary>Gets again until it is so: lists and reports follow by moments.</summary>
    public async Task<Reply> Eventually(string path, Func<Reply, bool> isSo)
    {
        for (var patience = 600; ; patience--)
        {
            var reply = await Get(path);
            if (isSo(reply)) return reply;
            Assert.True(patience > 0, $"{path} never got there; last it was {reply.Body}");
            await Task.Delay(50);
        }
    }

    public void Dispose() => _http.Dispose();
}
