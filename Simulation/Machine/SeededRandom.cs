namespace Commerce.Simulation;

/// <summary>
/// One stream of chance, made of the run's seed and a name: what is drawn for one purpose does not depend on how often another one draws.
/// SplitMix64 (Steele, Lea, Flood 2014), so that a seed means the same in every version of .NET.
/// </summary>
internal sealed class SeededRandom
{
    private ulong _state;

    public SeededRandom(ulong seed, string stream, int number = 0)
    {
        _state = seed;
        _state = Draw() ^ StableHash.Of(stream);
        _state = Draw() + (ulong)number;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Draw()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="sides"/>.</summary>
    public int Next(int sides) => (int)(((Draw() >> 32) * (ulong)sides) >> 32);

    /// <summary>From <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    public int Next(int from, int to) => from + Next(to - from + 1);

    /// <summary>From 0 to below 1.</summary>
    public double Share() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double share) => share > 0 && Share() < share;

    public T OneOf<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>A time between two, short ones as likely as long ones: the logarithm is even.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest)
    {
        var (from, to) = (Math.Log(Math.Max(1, shortest.Ticks)), Math.Log(longest.Ticks));
        return TimeSpan.FromMicroseconds(Math.Round(Math.Exp(from + ((to - from) * Share())) / TimeSpan.TicksPerMicrosecond));
    }
}

/// <summary>FNV-1a: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
internal static class StableHash
{
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(string text) => Add(Start, text);

    public static ulong Add(ulong hash, string text)
    {
        foreach (var c in text) hash = (hash ^ c) * Prime;
        return hash;
    }

    public static ulong Add(ulong hash, long number) => (hash ^ (ulong)number) * Prime;
}
