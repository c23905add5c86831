using System.Collections.Concurrent;
using Commerce.Grains.Client;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>Whether a call is one of the caller that it names, by the seal that came with it (decision 33).</summary>
internal sealed class CallerCheck(ClusterIdentity identity, TimeProvider clock)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<byte[], CallerSeal> _opened = new(new SameBytes());

    /// <summary>Why a call is not taken; null: it is.</summary>
    /// <param name="call">With the caller that it names.</param>
    /// <param name="sealing">The seal that came with it.</param>
    public ForgeryKind? Forgery(CallContext call, byte[]? sealing)
    {
        if (sealing is null) return ForgeryKind.NoSeal;
        if (Open(sealing) is not { } opened) return ForgeryKind.BadSeal;
        if (opened.Until + ClusterTimeouts.ClockDifference < clock.GetUtcNow()) return ForgeryKind.ExpiredSeal;
        if (!opened.IsOf(call.Caller)) return ForgeryKind.OtherCaller;
        return call.Cause is null || call.Caller.IsSystem ? null : ForgeryKind.ForeignCause;
    }

    private CallerSeal? Open(byte[] sealing)
    {
        if (_opened.TryGetValue(sealing, out var known)) return known;
        if (CallerSeal.Open(sealing, identity) is not { } opened) return null;
        if (_opened.Count >= Most) _opened.Clear();
        return _opened[sealing] = opened;
    }

    private sealed class SameBytes : IEqualityComparer<byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes.AsSpan(Math.Max(0, bytes.Length - 32))); // of the signature
            return hash.ToHashCode();
        }
    }
}
