using System.Globalization;
using System.Text;
using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.ApiGateway;

/// <summary>One Server-Sent Events answer.</summary>
internal sealed class ServerSentEvents(HttpResponse response)
{
    private const int MostGathered = 32 * 1024;

    private readonly StringBuilder _gathered = new();

    /// <summary>Its media type.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>Adds an event, to go with the next <see cref="Flush"/> at the latest; <paramref name="json"/> has no line breaks.</summary>
    public async Task Send(string id, string name, string json, CancellationToken cancel)
    {
        _gathered.Append(CultureInfo.InvariantCulture, $"id: {id}\nevent: {name}\ndata: {json}\n\n");
        if (_gathered.Length >= MostGathered) await Flush(cancel);
    }

    /// <summary>
    /// Tells where the stream begins, so that a client which has seen no event yet can resume from there: an id without data is no event,
    /// and is remembered all the same (HTML Standard, section 9.2.6).
    /// </summary>
    public void Begin(string id) => _gathered.Append(CultureInfo.InvariantCulture, $"id: {id}\n\n");

    /// <summary>Sends a comment as a heartbeat, so that proxies and the client see that the stream lives.</summary>
    public Task Beat(CancellationToken cancel)
    {
        _gathered.Append(": still here\n\n");
        return Flush(cancel);
    }

    /// <summary>Sends what was added.</summary>
    public async Task Flush(CancellationToken cancel)
    {
        if (_gathered.Length == 0) return;
        var text = _gathered.ToString();
        _gathered.Clear();
        await response.WriteAsync(text, Encoding.UTF8, cancel);
        await response.Body.FlushAsync(cancel);
    }
}

/// <summary>
/// Keeps Server-Sent Events answers open while the log grows. They end when the client goes, when the process stops, and when the caller's
/// credentials do: the client goes on with others by <c>Last-Event-ID</c>.
/// </summary>
internal sealed class EventStreams(GatewaySettings settings, HeldRequests held, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    // Shortest time between two reads of a stream, which grows with the number of open streams: so all of them together have a bound.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PaceOfEach = TimeSpan.FromMilliseconds(0.1);

    /// <summary>How often a silent stream looks whether the credentials still hold.</summary>
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Calls <paramref name="look"/> at once and after each change of the log; its result is true when there is more to read already. The
    /// stream begins after <paramref name="position"/>.
    /// </summary>
    public async Task Run(HttpContext http, IFactLog log, string position, Func<ServerSentEvents, CancellationToken, Task<bool>> look)
    {
        using var place = held.Stream(http);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, http.RequestAborted);
        try
        {
            http.Response.ContentType = ServerSentEvents.MediaType;
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["X-Accel-Buffering"] = "no";
            await http.Response.Body.FlushAsync(end.Token);
            if (!HeadRequests.IsHead(http)) await Follow(http, log, position, look, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has gone, or this process stops: the answer ends here, and the client reconnects with Last-Event-ID.
        }
    }

    private async Task Follow(
        HttpContext http, IFactLog log, string position, Func<ServerSentEvents, CancellationToken, Task<bool>> look, CancellationToken end)
    {
        var stream = new ServerSentEvents(http.Response);
        stream.Begin(position);
        await stream.Beat(end);
        var lastSign = clock.GetTimestamp();
        while (await CallerIdentity.Holds(http.User, clock.GetUtcNow()))
        {
            var looked = clock.GetTimestamp();
            var changed = log.ChangedSoon(end); // before the read, so that no commit is missed
            if (await Look(stream, look, end)) continue;
            while (!changed.IsCompleted && clock.GetElapsedTime(looked) < settings.HeartbeatEvery)
            {
                await Task.WhenAny(changed, Task.Delay(Recheck, clock, end));
                end.ThrowIfCancellationRequested();
                if (!await CallerIdentity.Holds(http.User, clock.GetUtcNow())) return;
            }

            if (clock.GetElapsedTime(lastSign) >= settings.HeartbeatEvery)
            {
                await stream.Beat(end);
                lastSign = clock.GetTimestamp();
            }

            await Rest(clock.GetElapsedTime(looked), end);
        }
    }

    private async Task Rest(TimeSpan sinceLook, CancellationToken end)
    {
        var pace = PaceOfEach * held.Streams;
        if (pace < Pace) pace = Pace;
        if (sinceLook < pace) await Task.Delay(pace - sinceLook, clock, end);
    }

    // While the database is away a stream stays open and sends only its heartbeat; afterwards it continues where it was.
    private static async Task<bool> Look(
        ServerSentEvents stream, Func<ServerSentEvents, CancellationToken, Task<bool>> look, CancellationToken end)
    {
        var more = false;
        try
        {
            more = await look(stream, end);
        }
        catch (Exception away) when (Problems.Of(away).Status == StatusCodes.Status503ServiceUnavailable)
        {
            // It reads again after the next change.
        }

        await stream.Flush(end);
        return more;
    }
}
