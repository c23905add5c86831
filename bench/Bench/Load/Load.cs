using System.Collections.Concurrent;
using System.Diagnostics;

namespace Commerce.Bench;

/// <summary>What came of some load.</summary>
/// <param name="Seconds">How long it lasted.</param>
/// <param name="Latencies">Milliseconds an order took, ascending; those that failed are not among them.</param>
/// <param name="Errors">How many failed.</param>
/// <param name="FirstError">What the first of these said.</param>
internal sealed record Loaded(double Seconds, double[] Latencies, int Errors, string? FirstError)
{
    /// <summary>Orders to cash a second.</summary>
    public double Rate => Latencies.Length / Seconds;

    /// <summary>The latency that so many (0 to 1) stay below; nearest rank.</summary>
    public double Percentile(double share) =>
        Latencies.Length == 0 ? double.NaN : Latencies[Math.Max(0, (int)Math.Ceiling(share * Latencies.Length) - 1)];
}

/// <summary>Sends orders to a subject.</summary>
internal static class Load
{
    /// <summary>So many customers who each order again as soon as they are served: what it can do at most.</summary>
    public static Task<Loaded> Closed(OrderClient client, int customers, TimeSpan time, int seed, CancellationToken cancel) =>
        Closed(client.Order, customers, time, seed, cancel);

    /// <summary>The same, of anything that can be asked for.</summary>
    public static async Task<Loaded> Closed(
        Func<Random, CancellationToken, Task> ask, int customers, TimeSpan time, int seed, CancellationToken cancel)
    {
        var results = new Results();
        var since = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, customers).Select(n => Task.Run(
            async () =>
            {
                var random = new Random((seed * 1000) + n);
                while (since.Elapsed < time) await results.Of(() => ask(random, cancel), Stopwatch.GetTimestamp(), cancel);
            },
            cancel)));
        return results.After(since.Elapsed);
    }

    /// <summary>
    /// Customers who come at a fixed rate, whether or not those before are served. Latency counts from when an order was due: who waits
    /// for a connection waits all the same.
    /// </summary>
    public static async Task<Loaded> Open(OrderClient client, double perSecond, TimeSpan time, int seed, CancellationToken cancel)
    {
        var results = new Results();
        var random = new Random(seed);
        var (began, under) = (Stopwatch.GetTimestamp(), new List<Task>());
        var orders = (int)(perSecond * time.TotalSeconds);
        for (var n = 0; n < orders; n++)
        {
            var due = began + (long)(n / perSecond * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left) await Task.Delay(left, cancel);
            var own = new Random(random.Next());
            under.Add(Task.Run(() => results.Of(() => client.Order(own, cancel), due, cancel), cancel));
        }

        await Task.WhenAll(under);
        return results.After(Stopwatch.GetElapsedTime(began));
    }

    private sealed class Results
    {
        private readonly ConcurrentQueue<double> _latencies = new();
        private int _errors;
        private string? _first;

        public async Task Of(Func<Task> order, long since, CancellationToken cancel)
        {
            try
            {
                await order();
                _latencies.Enqueue(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
            }
            catch (Exception problem) when (problem is BenchException or HttpRequestException or TaskCanceledException)
            {
                cancel.ThrowIfCancellationRequested();
                Interlocked.Increment(ref _errors);
                Interlocked.CompareExchange(ref _first, problem.Message, null);
            }
        }

        public Loaded After(TimeSpan time) => new(time.TotalSeconds, [.. _latencies.Order()], _errors, _first);
    }
}
