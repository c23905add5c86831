using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Commerce.Testing;

namespace Commerce.Histories.Tests;

/// <summary>
/// A server with a bug, made of the right one: this stands in the way to it and, once, answers or forwards wrongly. The first requests
/// that it could strike are spared, so that there is a history before it.
/// </summary>
internal abstract class PlantedBug() : DelegatingHandler(new SocketsHttpHandler())
{
    private const int Spared = 5;

    private int _seen;
    private int _striking;

    /// <summary>The path that it has struck; null: none yet.</summary>
    public string? Struck { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var path = request.RequestUri!.AbsolutePath;
        var mine = Concerns(request.Method, path) && Interlocked.Increment(ref _seen) > Spared
            && Interlocked.Exchange(ref _striking, 1) == 0;
        if (!mine) return await base.SendAsync(request, cancel);
        if (await Strike(request, cancel) is { } wrong)
        {
            Struck = path; // and strikes no more
            return wrong;
        }

        Interlocked.Exchange(ref _striking, 0);
        return await base.SendAsync(request, cancel);
    }

    /// <summary>Whether a request is one that could be struck.</summary>
    protected abstract bool Concerns(HttpMethod method, string path);

    /// <summary>The wrong answer; null: this one is no occasion.</summary>
    protected abstract Task<HttpResponseMessage?> Strike(HttpRequestMessage request, CancellationToken cancel);

    protected Task<HttpResponseMessage> Forward(HttpRequestMessage request, CancellationToken cancel) => base.SendAsync(request, cancel);

    /// <summary>Sends another request to the real server.</summary>
    protected async Task<(HttpStatusCode Status, JsonNode Body)> Ask(
        HttpMethod method, Uri address, JsonNode? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestCredentials.Secret);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json"));
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            request.Headers.Add("Prefer", "wait=20");
        }

        using var answer = await base.SendAsync(request, cancel);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))!);
    }

    protected static HttpResponseMessage Answer(JsonNode body) => new(HttpStatusCode.OK)
    {
        Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json")),
    };

    protected static async Task<JsonNode> BodyOf(HttpRequestMessage request) =>
        JsonNode.Parse(await request.Content!.ReadAsStringAsync())!;
}

/// <summary>A cache that is never invalidated: a read gets the answer of an earlier one.</summary>
internal sealed class StaleRead(string path) : PlantedBug
{
    private JsonNode? _kept;

    protected override bool Concerns(HttpMethod method, string asked) => method == HttpMethod.Get && asked == path;

    protected override async Task<HttpResponseMessage?> Strike(HttpRequestMessage request, CancellationToken cancel)
    {
        var (status, now) = await Ask(HttpMethod.Get, request.RequestUri!, null, cancel);
        if (status != HttpStatusCode.OK) return null;
        _kept ??= now;
        return JsonNode.DeepEquals(_kept, now) ? null : Answer(_kept);
    }
}

/// <summary>A retry that loses its idempotency key and makes another id: one request is carried out twice.</summary>
internal sealed class DoneTwice(Func<string, bool> path) : PlantedBug
{
    /// <summary>What was done twice.</summary>
    public JsonNode? Asked { get; private set; }

    protected override bool Concerns(HttpMethod method, string asked) => method == HttpMethod.Post && path(asked);

    protected override async Task<HttpResponseMessage?> Strike(HttpRequestMessage request, CancellationToken cancel)
    {
        var body = await BodyOf(request);
        var simple = body["lines"]?.AsArray() is not { Count: > 1 } && body["paymentMethod"]?.GetValue<string>() is null or "pm_sandbox_ok";
        if (!simple) return null;
        if (body["id"]?.GetValue<string>() is { } id) body["id"] = $"{id}-again";
        var (status, done) = await Ask(HttpMethod.Post, request.RequestUri!, body, cancel);
        if (status is < HttpStatusCode.OK or >= HttpStatusCode.BadRequest || done["status"]?.GetValue<string>() == "rejected") return null;
        Asked = body;
        return await Forward(request, cancel);
    }
}

/// <summary>A write that is promised before it is committed, and then lost.</summary>
internal sealed class NeverDone(string sku) : PlantedBug
{
    protected override bool Concerns(HttpMethod method, string asked) => method == HttpMethod.Post && asked == $"/stock/{sku}/receipts";

    protected override async Task<HttpResponseMessage?> Strike(HttpRequestMessage request, CancellationToken cancel)
    {
        var units = (await BodyOf(request))["quantity"]!.GetValue<long>();
        var (_, level) = await Ask(HttpMethod.Get, new Uri(request.RequestUri!, $"/stock/{sku}"), null, cancel);
        level["onHand"] = level["onHand"]!.GetValue<long>() + units;
        level["version"] = level["version"]!.GetValue<long>() + 1;
        return Answer(level);
    }
}
