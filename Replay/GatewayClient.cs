using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Commerce.Replay;

/// <summary>The answer to a request: a value, or a problem.</summary>
internal sealed record Reply<T>(HttpStatusCode Status, T? Value, Problem? Problem) where T : class;

/// <summary>
/// The REST API. A request that got no answer, or one that says "not now", is sent again with the same idempotency key, with growing and
/// jittered pauses, until <paramref name="patience"/> is used up.
/// </summary>
internal sealed class GatewayClient(Uri address, string? apiKey, int connections, TimeSpan patience) : IDisposable
{
    private const int WaitSeconds = 30;
    private const int PageSize = 500;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = connections, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false,
    })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(WaitSeconds + 30),
    };

    public Uri Address => address;

    public void Dispose() => _http.Dispose();

    /// <summary>Fails with a clear message unless a gateway answers there and can work.</summary>
    public async Task CheckReady(CancellationToken cancel)
    {
        var reply = await Send<object>(HttpMethod.Get, "/health/ready", null, null, false, TimeSpan.FromSeconds(3), cancel);
        if (reply.Status != HttpStatusCode.OK)
        {
            throw new ReplayException(
                $"{address} answers, but it is not a gateway of Commerce on Orleans (/health/ready gives {(int)reply.Status}).");
        }
    }

    /// <summary>The thing at a path, or null when there is none.</summary>
    public async Task<T?> Get<T>(string path, CancellationToken cancel) where T : class
    {
        var reply = await Send<T>(HttpMethod.Get, path, null, null, false, patience, cancel);
        if (reply.Status == HttpStatusCode.NotFound) return null;
        return reply.Value ?? throw new ReplayException($"GET {path} was refused ({(int)reply.Status}): {reply.Problem?.InWords}");
    }

    /// <summary>The thing at a path, or null when there is none or this client may not see it.</summary>
    public async Task<T?> TryGet<T>(string path, CancellationToken cancel) where T : class =>
        (await Send<T>(HttpMethod.Get, path, null, null, false, patience, cancel)).Value;

    /// <summary>All items of a list, page by page.</summary>
    public async IAsyncEnumerable<T> List<T>(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? cursor = null;
        do
        {
            var from = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var page = await Get<Page<T>>($"{path}{(path.Contains('?') ? '&' : '?')}limit={PageSize}{from}", cancel)
                ?? throw new ReplayException($"{address} has no list at {path}.");
            foreach (var item in page.Items) yield return item;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    /// <summary>Changes something; with <paramref name="wait"/> the answer comes when it has settled, or after a while.</summary>
    public async Task<Reply<T>> Post<T>(Request request, bool wait, CancellationToken cancel) where T : class
    {
        var reply = await Send<T>(HttpMethod.Post, request.Path, request.Content, request.Key, wait, patience, cancel);
        return reply.Status != HttpStatusCode.Forbidden
            ? reply
            : throw new ReplayException($"POST {request.Path} is forbidden for this client: {reply.Problem?.InWords}");
    }

    private async Task<Reply<T>> Send<T>(
        HttpMethod method, string path, byte[]? body, string? key, bool wait, TimeSpan giveUpAfter, CancellationToken cancel)
        where T : class
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            string trouble;
            var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(attempt, 7)) * (0.5 + Random.Shared.NextDouble()));
            try
            {
                using var message = Message(method, path, body, key, wait);
                using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
                var reply = await Read<T>(response, cancel);
                if (!NotNow(reply)) return reply;
                trouble = reply.Problem?.InWords ?? $"it answers {(int)reply.Status}";
                if (response.Headers.RetryAfter?.Delta is { } after && after > pause) pause = after < LongestPause ? after : LongestPause;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                trouble = "it does not answer in time";
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                trouble = (e.InnerException ?? e).Message;
            }
            if (TimeProvider.System.GetElapsedTime(started) + pause > giveUpAfter)
            {
                throw new ReplayException(
                    $"The gateway at {address} cannot be used: {trouble} ({method} {path}, tried {attempt} times). Is it running? " +
                    "Start it with ./commerce up, or name another one with --gateway. Running the same replay again continues where this " +
                    "one stopped.");
            }
            await Task.Delay(pause, cancel);
        }
    }

    private HttpRequestMessage Message(HttpMethod method, string path, byte[]? body, string? key, bool wait)
    {
        var message = new HttpRequestMessage(method, path);
        if (apiKey is not null) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        if (key is not null) message.Headers.Add("Idempotency-Key", key);
        if (wait) message.Headers.Add("Prefer", $"wait={WaitSeconds}");
        if (body is null) return message;
        message.Content = new ByteArrayContent(body);
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return message;
    }

    private async Task<Reply<T>> Read<T>(HttpResponseMessage response, CancellationToken cancel) where T : class
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancel);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            var refused = await Json<Problem>(response, content, cancel);
            throw new ReplayException(
                $"The gateway at {address} does not let this client in: {refused?.InWords} Give a key with --api-key.");
        }
        return response.IsSuccessStatusCode
            ? new(response.StatusCode, await Json<T>(response, content, cancel), null)
            : new(response.StatusCode, null, await Json<Problem>(response, content, cancel));
    }

    private async Task<T?> Json<T>(HttpResponseMessage response, Stream content, CancellationToken cancel) where T : class
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json")) return null;
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(content, Wire.Json, cancel);
        }
        catch (JsonException e)
        {
            var asked = response.RequestMessage?.RequestUri;
            throw new ReplayException($"{asked} answered what this client cannot read: {e.Message}", e);
        }
    }

    private static bool NotNow<T>(Reply<T> reply) where T : class =>
        reply.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.TooManyRequests
        || (reply.Status == HttpStatusCode.Conflict && reply.Problem?.Code is "request_in_progress");
}
