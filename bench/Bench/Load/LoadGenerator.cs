using System.Collections.Concurrent;
using System.Diagnostics;
using Commerce.Client;

namespace Commerce.Bench;

/// <summary>Requests of one load: their latencies and errors.</summary>
/// <param name="Seconds">Duration of the load.</param>
/// <param name="Latencies">Milliseconds of each request that succeeded, ascending.</param>
/// <param name="Errors">Number of requests that failed.</param>
/// <param name="FirstError">Message of the first failure.</param>
internal sealed record LoadReport(double Seconds, double[] Latencies, int Errors, string? FirstError)
{
    /// <summary>Successful requests a second.</summary>
    public double Rate => Latencies.Length / Seconds;

    /// <summary>Latency at a percentile (0 to 1), by nearest rank.</summary>
    public double Percentile(double share) =>
        Latencies.Length == 0 ? double.NaN : Latencies[Math.Max(0, (int)Math.Ceiling(share * Latencies.Length) - 1)];
}

internal static class LoadGenerator
{
    /// <summary>Closed loop: each client sends its next request when the last one is answered. This is the highest rate.</summary>
    public static async Task<LoadReport> Closed(
        Func<Random, CancellationToken, Task> request, int clients, TimeSpan time, int seed, CancellationToken cancel)
    {
        var recorder = new LatencyRecorder();
        var since = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(n => Task.Run(
            async () =>
            {
                var random = new Random((seed * 1000) + n);
                while (since.Elapsed < time) await recorder.Time(() => request(random, cancel), Stopwatch.GetTimestamp(), cancel);
            },
            cancel)));
        return recorder.Report(since.Elapsed);
    }

    /// <summary>
    /// Open loop: requests at a fixed rate, answered or not. Latency counts from the time at which a request was due, so that waiting for a
    /// connection counts too.
    /// </summary>
    public static async Task<LoadReport> Open(
        Func<Random, CancellationToken, Task> request, double perSecond, TimeSpan time, int seed, CancellationToken cancel)
    {
        var recorder = new LatencyRecorder();
        var random = new Random(seed);
        var (began, running) = (Stopwatch.GetTimestamp(), new List<Task>());
        var requests = (int)(perSecond * time.TotalSeconds);
        for (var n = 0; n < requests; n++)
        {
            var due = began + (long)(n / perSecond * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left) await Task.Delay(left, cancel);
            var own = new Random(random.Next());
            running.Add(Task.Run(() => recorder.Time(() => request(own, cancel), due, cancel), cancel));
        }

        await Task.WhenAll(running);
        return recorder.Report(Stopwatch.GetElapsedTime(began));
    }

    private sealed class LatencyRecorder
    {
        private readonly ConcurrentQueue<double> _latencies = new();
        private int _errors;
        private string? _first;

        public async Task Time(Func<Task> request, long since, CancellationToken cancel)
        {
            try
            {
                await request();
                _latencies.Enqueue(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
            catch (Exception failed) when (failed is BenchException or HttpRequestException or TaskCanceledException
                or CommerceException or NoAnswerException)
            {
                cancel.ThrowIfCancellationRequested();
                Interlocked.Increment(ref _errors);
                Interlocked.CompareExchange(ref _first, failed.Message, null);
            }
        }

        public LoadReport Report(TimeSpan time) => new(time.TotalSeconds, [.. _latencies.Order()], _errors, _first);
    }
}
