using System.Globalization;
using System.Threading.RateLimiting;

namespace Commerce.ApiGateway;

/// <summary>One limit: a bucket of tokens for each caller that it counts, filled little by little.</summary>
internal sealed class RateLimit(string name, Rate rate) : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private readonly PartitionedRateLimiter<string> _buckets = PartitionedRateLimiter.Create<string, string>(
        caller => RateLimitPartition.GetTokenBucketLimiter(caller, _ => Options(rate)));

    private readonly string _policy =
        string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={rate.Burst};w={Seconds(rate.Burst, rate)}");

    private readonly TimeSpan _next = TimeSpan.FromSeconds(Seconds(1, rate));

    /// <summary>Takes one; null, or how long to wait for the next.</summary>
    public TimeSpan? Take(string caller)
    {
        using var lease = _buckets.AttemptAcquire(caller);
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : _next;
    }

    /// <summary>How long to wait for one; null: there is one.</summary>
    public TimeSpan? Wait(string caller) => Left(caller) > 0 ? null : _next;

    /// <summary>
    /// Says on the answer what the limit is and how much is left (draft-ietf-httpapi-ratelimit-headers): <c>q</c> at once, full again after
    /// <c>w</c> seconds; <c>r</c> are left, full again in <c>t</c>.
    /// </summary>
    public void Tell(IHeaderDictionary headers, string caller)
    {
        var left = Left(caller);
        headers.Append("RateLimit-Policy", _policy);
        headers.Append(
            "RateLimit", string.Create(CultureInfo.InvariantCulture, $"\"{name}\";r={left};t={Seconds(rate.Burst - left, rate)}"));
    }

    /// <summary>The problem of a caller who has to wait.</summary>
    public Problem Exceeded(TimeSpan wait) => new(
        StatusCodes.Status429TooManyRequests, "rate_limited",
        string.Create(
            CultureInfo.InvariantCulture, $"The limit '{name}' is {rate.PerMinute} a minute and {rate.Burst} at once, and is used up."),
        "Send it again after Retry-After, with the same Idempotency-Key if it has one. Nothing was done.", RetryAfter: wait);

    public void Dispose() => _buckets.Dispose();

    private long Left(string caller) => _buckets.GetStatistics(caller)?.CurrentAvailablePermits ?? rate.Burst;

    private static long Seconds(long tokens, Rate rate) => (long)Math.Ceiling(tokens * 60.0 / rate.PerMinute);

    // Whole tokens in whole periods, of which the shortest is that of the framework's own timer.
    private static TokenBucketRateLimiterOptions Options(Rate rate)
    {
        var tokens = (int)Math.Ceiling(rate.PerMinute * Shortest / TimeSpan.FromMinutes(1));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate.Burst, TokensPerPeriod = tokens, ReplenishmentPeriod = TimeSpan.FromMinutes(1) * tokens / rate.PerMinute,
            AutoReplenishment = false, QueueLimit = 0,
        };
    }
}
