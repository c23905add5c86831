using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Commerce.Histories;

/// <summary>What an answer said, or that there was none.</summary>
/// <param name="Status">The HTTP status; null when the connection failed.</param>
/// <param name="Body">The body, or what failed.</param>
public sealed record Reply(int? Status, string Body)
{
    /// <summary>True when the request was done.</summary>
    public bool Accepted => Status is >= 200 and < 300;

    /// <summary>True when the outcome is unknown: the same request may be sent again and should then be answered.</summary>
    public bool Lost => Status is null or 429 or >= 500;

    public string? Code => Json.TryGetProperty("code", out var code) ? code.GetString() : null;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}

/// <summary>A request that was sent until it was answered, or until its client went away.</summary>
/// <param name="Sent">When it was sent first.</param>
/// <param name="Answered">When the answer was there; null: it never was.</param>
/// <param name="Reply">The answer, or the last failure.</param>
public sealed record Exchange(long Sent, long? Answered, Reply Reply);

/// <summary>One client of the API, with the clock of a recorder.</summary>
public sealed class ShopClient(HttpClient http, Recorder recorder)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Far longer than anything takes on a busy machine; only a test that would hang for ever meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Posts with the same key until there is an answer; a client that does not insist gives up when the answer is lost.</summary>
    public async Task<Exchange> Post(string path, string key, object body, int wait = 0, bool insist = true)
    {
        var sent = recorder.Now;
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            };
            request.Headers.Add("Idempotency-Key", key);
            if (wait > 0) request.Headers.Add("Prefer", $"wait={wait}");
            var reply = await Send(request);
            if (!reply.Lost) return new Exchange(sent, recorder.Now, reply);
            if (!insist) return new Exchange(sent, null, reply);
            if (recorder.Now - sent > Patience.TotalMicroseconds)
                throw new TimeoutException($"POST {path} was not answered in {Patience}; last: {reply.Status} {reply.Body}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Reads once; what is lost says nothing.</summary>
    public async Task<Exchange> Get(string path)
    {
        var sent = recorder.Now;
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var reply = await Send(request);
        return new Exchange(sent, reply.Lost ? null : recorder.Now, reply);
    }

    /// <summary>Reads until it is so.</summary>
    public async Task<Exchange> GetUntil(string path, Func<JsonElement, bool> isSo)
    {
        for (var began = recorder.Now; ; await Task.Delay(Pause))
        {
            var read = await Get(path);
            if (read.Reply.Accepted && isSo(read.Reply.Json)) return read;
            if (!read.Reply.Accepted && !read.Reply.Lost)
                throw new InvalidOperationException($"GET {path}: {read.Reply.Status} {read.Reply.Body}");
            if (recorder.Now - began > Patience.TotalMicroseconds)
                throw new TimeoutException($"GET {path} did not get there in {Patience}; last: {read.Reply.Status} {read.Reply.Body}");
        }
    }

    private async Task<Reply> Send(HttpRequestMessage request)
    {
        try
        {
            using var answer = await http.SendAsync(request);
            return Note(new Reply((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
        catch (Exception lost) when (lost is HttpRequestException or TaskCanceledException or IOException)
        {
            return Note(new Reply(null, lost.Message));
        }

        Reply Note(Reply reply)
        {
            if (reply.Lost) recorder.Lost.Enqueue(new LostRequest($"{request.Method} {request.RequestUri}", reply));
            else recorder.Answered();
            return reply;
        }
    }
}
