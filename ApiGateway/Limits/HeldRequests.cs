using System.Globalization;
using System.Threading.RateLimiting;
using Commerce.Engine;

namespace Commerce.ApiGateway;

/// <summary>
/// Requests whose answers are held for long, live streams and <c>Prefer: wait</c>: how many of each a caller may have at a time, and how
/// many all callers of this process together (decision 30).
/// </summary>
internal sealed class HeldRequests : IDisposable
{
    /// <summary>The most live streams at a time.</summary>
    public const int MaxStreams = 500;

    private const int MaxWaits = 1_000;

    private static readonly TimeSpan Later = TimeSpan.FromSeconds(10);

    private readonly Shares _streams = new(MaxStreams, StreamsOf);
    private readonly Shares _waits = new(MaxWaits, WaitsOf);

    /// <summary>How many live streams there are.</summary>
    public int Streams => _streams.Taken;

    /// <summary>How many live streams a caller may have.</summary>
    public static int StreamsOf(CallerClass caller) => caller == CallerClass.Shopper ? 4 : 50;

    /// <summary>For how many requests a caller may wait at a time; further ones are answered at once.</summary>
    public static int WaitsOf(CallerClass caller) => caller switch
    {
        CallerClass.Import => MaxWaits,
        CallerClass.Client => 100,
        _ => 8,
    };

    /// <summary>A place for a live stream, until it is disposed of.</summary>
    /// <exception cref="ProblemException">The caller has no place left.</exception>
    /// <exception cref="UnavailableException">All places are taken.</exception>
    public IDisposable Stream(HttpContext http)
    {
        var (place, ofCaller) = _streams.Take(http);
        return place ?? throw (ofCaller is { } most
            ? new ProblemException(new Problem(
                StatusCodes.Status429TooManyRequests, "rate_limited",
                string.Create(CultureInfo.InvariantCulture, $"This caller has {most} live streams open, which is the most at a time."),
                "Close one, or follow all orders by one stream.", RetryAfter: Later))
            : new UnavailableException($"{MaxStreams} live streams are open, which is the most at a time.", Later));
    }

    /// <summary>A place to wait for an answer; null: there is none, and the caller gets what there is at once.</summary>
    public IDisposable? Wait(HttpContext http) => _waits.Take(http).Place;

    public void Dispose()
    {
        _streams.Dispose();
        _waits.Dispose();
    }

    /// <summary>Places of one kind.</summary>
    private sealed class Shares(int all, Func<CallerClass, int> ofCaller) : IDisposable
    {
        private readonly ConcurrencyLimiter _all = new(new ConcurrencyLimiterOptions { PermitLimit = all });

        private readonly PartitionedRateLimiter<(CallerClass Class, string Key)> _each =
            PartitionedRateLimiter.Create<(CallerClass Class, string Key), (CallerClass Class, string Key)>(
                caller => RateLimitPartition.GetConcurrencyLimiter(
                    caller, c => new ConcurrencyLimiterOptions { PermitLimit = ofCaller(c.Class) }));

        public int Taken => all - (int)_all.GetStatistics()!.CurrentAvailablePermits;

        /// <summary>A place, or the limit of the caller that is reached; neither: all places are taken.</summary>
        public (IDisposable? Place, int? OfCaller) Take(HttpContext http)
        {
            var caller = RateLimits.Of(http);
            var mine = _each.AttemptAcquire(caller);
            if (!mine.IsAcquired) return (null, ofCaller(caller.Class));
            var place = _all.AttemptAcquire();
            if (place.IsAcquired) return (new Both(mine, place), null);
            mine.Dispose();
            return (null, null);
        }

        public void Dispose()
        {
            _each.Dispose();
            _all.Dispose();
        }
    }

    private sealed class Both(IDisposable one, IDisposable other) : IDisposable
    {
        public void Dispose()
        {
            one.Dispose();
            other.Dispose();
        }
    }
}
