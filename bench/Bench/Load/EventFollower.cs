using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Commerce.Bench;

/// <summary>
/// Follows all orders live, as a subscriber does, and notes how old each event is when it is here. The event's own time is when it was
/// decided, just before its commit, on the clock of this same machine: the commit is in the lag, so that it is never told too small.
/// </summary>
internal sealed class EventFollower : IAsyncDisposable
{
    private const string Time = "\"at\":\"";
    private const string Last = "event: shipment-completed"; // an order's last fact on its way to cash

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _over;
    private readonly ConcurrentQueue<double> _lags = new();
    private Task _reading = Task.CompletedTask;
    private int _completed;

    private EventFollower(Uri address, CancellationToken cancel)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        _over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    }

    /// <summary>Milliseconds of each event so far, ascending.</summary>
    public double[] Lags => [.. _lags.Order()];

    /// <summary>Begins to follow: events from now on are seen.</summary>
    public static async Task<EventFollower> Start(Uri address, CancellationToken cancel)
    {
        var follower = new EventFollower(address, cancel);
        try
        {
            var answer = await follower._http.GetAsync("/orders/events", HttpCompletionOption.ResponseHeadersRead, cancel);
            if (!answer.IsSuccessStatusCode) throw new BenchException($"GET /orders/events gave {(int)answer.StatusCode}.");
            follower._reading = follower.Read(await answer.Content.ReadAsStreamAsync(cancel));
            return follower;
        }
        catch
        {
            await follower.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the last event of so many orders is here.</summary>
    /// <exception cref="BenchException">They did not come, or the stream ended.</exception>
    public async Task Completed(int orders, TimeSpan patience, CancellationToken cancel)
    {
        for (var since = Stopwatch.StartNew(); Volatile.Read(ref _completed) < orders; await Task.Delay(20, cancel))
            if (since.Elapsed > patience || _reading.IsCompleted)
                throw new BenchException(
                    $"{orders} orders were shipped, and of {Volatile.Read(ref _completed)} the last event has come to who follows them.");
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _http.Dispose();
        await _reading;
        _over.Dispose();
    }

    /// <summary>When an event says that it happened; null: the line tells no such thing.</summary>
    internal static DateTimeOffset? TimeOf(string line)
    {
        if (!line.StartsWith("data:", StringComparison.Ordinal)) return null;
        if (line.IndexOf(Time, StringComparison.Ordinal) is not (> 0 and var at)) return null;
        var from = at + Time.Length;
        return DateTimeOffset.Parse(line.AsSpan(from, line.IndexOf('"', from) - from), CultureInfo.InvariantCulture);
    }

    private async Task Read(Stream stream)
    {
        try
        {
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(_over.Token) is { } line)
            {
                var here = DateTimeOffset.UtcNow;
                if (TimeOf(line) is { } at) _lags.Enqueue((here - at).TotalMilliseconds);
                else if (line == Last) Interlocked.Increment(ref _completed);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException)
        {
            // Disposed, or the subject is gone: who waits for events says so.
        }
    }
}
