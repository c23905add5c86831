using System.Collections.Concurrent;
using Commerce.Engine;

namespace Commerce.ApiGateway;

/// <summary>
/// The memory that bodies of requests take while they come: a bound for each caller, and one for all of this process. What is only
/// announced takes none (decision 30).
/// </summary>
internal sealed class BodyQuota
{
    /// <summary>For one caller, in bytes.</summary>
    public const long OfCaller = 16 * 1024 * 1024;

    /// <summary>For all, in bytes.</summary>
    public const long OfAll = 128 * 1024 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, long> _held = [];
    private long _all;

    /// <summary>Counts bytes that have come, until <see cref="Return"/>.</summary>
    /// <exception cref="ProblemException">The caller has reached its bound.</exception>
    /// <exception cref="UnavailableException">All together have reached theirs.</exception>
    public void Take(string caller, long bytes)
    {
        var mine = _held.AddOrUpdate(caller, bytes, (_, before) => before + bytes);
        if (Interlocked.Add(ref _all, bytes) > OfAll)
            throw new UnavailableException("More bodies of requests are under way than this process takes at a time.", Soon);
        if (mine > OfCaller)
            throw new ProblemException(new Problem(
                StatusCodes.Status429TooManyRequests, "rate_limited",
                $"This caller has more than {OfCaller} bytes of bodies under way, which is the most at a time.",
                "Send fewer at once, and smaller ones.", RetryAfter: Soon));
    }

    /// <summary>The bytes are held no more.</summary>
    public void Return(string caller, long bytes)
    {
        Interlocked.Add(ref _all, -bytes);
        if (_held.AddOrUpdate(caller, 0, (_, before) => before - bytes) == 0) _held.TryRemove(new KeyValuePair<string, long>(caller, 0));
    }
}
