using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Commerce.Grains.Client;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>Whether a call is one of the caller that it names, by the seal that came with it (decision 33).</summary>
internal sealed class CallerCheck(ClusterIdentity identity, TimeProvider clock)
{
    private const int Most = 10_000;

    /// <summary>The time until a certificate is looked at again.</summary>
    private static readonly TimeSpan TrustedFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<byte[], Opened> _opened = new(SameEnd.Instance);
    private readonly ConcurrentDictionary<(byte[] Certificate, string Role), DateTimeOffset> _trusted = new(new SameCertificate());

    /// <summary>Why a call is not taken; null: it is.</summary>
    /// <param name="call">With the caller that it names.</param>
    /// <param name="sealing">The seal that came with it.</param>
    public ForgeryKind? Forgery(CallContext? call, byte[]? sealing)
    {
        if (call?.Caller is null || sealing is null) return ForgeryKind.NoSeal;
        if (Open(sealing) is not { Seal: var seal } opened) return ForgeryKind.BadSeal;
        var now = clock.GetUtcNow();
        if (opened.TrustedUntil <= now)
        {
            if (!IsTrusted(seal, now)) return ForgeryKind.UntrustedMaker;
            opened.TrustedUntil = now + TrustedFor;
        }

        if (seal.Until + ClusterTimeouts.ClockDifference < now) return ForgeryKind.ExpiredSeal;
        if (seal.Until > now + CallerSeal.Lifetime + ClusterTimeouts.ClockDifference) return ForgeryKind.BadSeal;
        if (!SameCaller.Instance.Equals(seal.Caller, call.Caller)) return ForgeryKind.OtherCaller;
        return call.Cause is null || call.Caller.IsSystem ? null : ForgeryKind.ForeignCause;
    }

    private Opened? Open(byte[] sealing)
    {
        if (_opened.TryGetValue(sealing, out var known)) return known;
        if (CallerSeal.Read(sealing) is not { } seal) return null;
        if (_opened.Count >= Most) _opened.Clear();
        return _opened[sealing] = new Opened(seal);
    }

    private bool IsTrusted(CallerSeal seal, DateTimeOffset now)
    {
        if (_trusted.TryGetValue((seal.Certificate, seal.Maker), out var until) && until > now) return true;
        using var certificate = X509CertificateLoader.LoadCertificate(seal.Certificate);
        if (!identity.Trusts(certificate, [], serves: false, seal.Maker)) return false;
        if (_trusted.Count >= Most) _trusted.Clear();
        _trusted[(seal.Certificate, seal.Maker)] = now + TrustedFor;
        return true;
    }

    /// <summary>A seal whose signature fits its certificate.</summary>
    private sealed class Opened(CallerSeal seal)
    {
        private long _trustedUntil;

        public CallerSeal Seal => seal;

        public DateTimeOffset TrustedUntil
        {
            get => new(Volatile.Read(ref _trustedUntil), TimeSpan.Zero);
            set => Volatile.Write(ref _trustedUntil, value.UtcTicks);
        }
    }

    /// <summary>The same bytes; their end is that of a signature.</summary>
    private sealed class SameEnd : IEqualityComparer<byte[]>
    {
        public static readonly SameEnd Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] bytes)
        {
            var hash = default(HashCode);
            hash.AddBytes(bytes.AsSpan(Math.Max(0, bytes.Length - 32)));
            return hash.ToHashCode();
        }
    }

    private sealed class SameCertificate : IEqualityComparer<(byte[] Certificate, string Role)>
    {
        public bool Equals((byte[] Certificate, string Role) x, (byte[] Certificate, string Role) y) =>
            x.Role == y.Role && SameEnd.Instance.Equals(x.Certificate, y.Certificate);

        public int GetHashCode((byte[] Certificate, string Role) key) => SameEnd.Instance.GetHashCode(key.Certificate);
    }
}
