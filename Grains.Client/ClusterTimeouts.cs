using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains.Client;

/// <summary>How long things may take between processes of the cluster.</summary>
internal static class ClusterTimeouts
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Response timeout: a call without an answer for this time counts as lost. It bounds what a lost answer costs; entities answer in
    /// milliseconds.
    /// </summary>
    public static readonly TimeSpan Response = TimeSpan.FromSeconds(10);

    /// <summary>How long a read is retried, which has no deadline of its own.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The longest that one request of a long wait takes.</summary>
    public static readonly TimeSpan WaitPiece = TimeSpan.FromSeconds(5);

    /// <summary>By how much the clocks of two processes may differ before a long wait may end early, or a caller's seal too soon.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromSeconds(2);

    /// <summary>The pause after a number of failures.</summary>
    public static TimeSpan Pause(int failures) => Backoff.After(failures, FirstPause, LongestPause, Random.Shared);
}
