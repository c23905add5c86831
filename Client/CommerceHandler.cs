using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Commerce.Client;

/// <summary>
/// Sends requests so that each change is done at most once: with its credentials and an idempotency key, again and again while there is no
/// answer, and with a <see cref="CommerceException"/> for each problem.
/// </summary>
public sealed class CommerceHandler(CommerceOptions options, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    internal const string EventStream = "text/event-stream";
    private const string Key = "Idempotency-Key";
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TokenSource? _tokens =
        options.Credentials is { } credentials ? new TokenSource(credentials, new HttpMessageInvoker(inner, disposeHandler: false)) : null;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (request.Method != HttpMethod.Get && !request.Headers.Contains(Key)) request.Headers.Add(Key, Guid.CreateVersion7().ToString());
        var started = TimeProvider.System.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var pause = Backoff(attempt);
            Exception? cause = null;
            string trouble;
            try
            {
                var (response, notNow) = await Try(request, cancel);
                if (notNow is null) return response;
                trouble = notNow.Message;
                cause = notNow;
                if (response.Headers.RetryAfter?.Delta is { } after && after > pause)
                    pause = after < LongestPause ? after : LongestPause;
                response.Dispose();
            }
            catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
            {
                (trouble, cause) = ("it does not answer in time", late);
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException)
            {
                (trouble, cause) = ((lost.InnerException ?? lost).Message, lost);
            }

            if (TimeProvider.System.GetElapsedTime(started) + pause > options.Patience)
                throw new NoAnswerException(
                    $"{request.Method} {request.RequestUri} has no answer after {attempt} tries: {trouble}. Repeat it with the same key.",
                    cause);
            await Task.Delay(pause, cancel);
        }
    }

    /// <summary>Once: the answer, and why it is "not now" if it is.</summary>
    private async Task<(HttpResponseMessage Response, CommerceException? NotNow)> Try(HttpRequestMessage request, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(options.TryTimeout);
        if ((_tokens is null ? options.ApiKey : await _tokens.Get(late.Token)) is { } bearer)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        var response = await base.SendAsync(request, late.Token);
        if (response.Content.Headers.ContentType?.MediaType == EventStream) return (response, null);
        await response.Content.LoadIntoBufferAsync(late.Token); // a connection that breaks in the middle is an answer that is lost
        if (response.IsSuccessStatusCode) return (response, null);
        var problem = await ProblemOf(response, late.Token);
        return NotNow(problem) ? (response, problem) : throw problem;
    }

    private static async Task<CommerceException> ProblemOf(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? new CommerceException(
                JsonSerializer.Deserialize<Problem>(text, CommerceClient.Json)!, response.StatusCode, text)
            : new CommerceException(
                $"{response.RequestMessage?.RequestUri} answers {(int)response.StatusCode}, and no problem that this client knows.",
                (int)response.StatusCode, text, response.Headers.ToDictionary(h => h.Key, h => h.Value), null);
    }

    private static bool NotNow(CommerceException problem) =>
        problem.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout
            or HttpStatusCode.TooManyRequests;

    /// <summary>Doubles from 0.1 s to the longest, and differs between clients, so that they do not all come back at once.</summary>
    internal static TimeSpan Backoff(int attempt)
    {
        var pause = TimeSpan.FromMilliseconds(50 * Math.Pow(2, Math.Min(attempt, 7)) * (0.5 + Random.Shared.NextDouble()));
        return pause < LongestPause ? pause : LongestPause;
    }
}
