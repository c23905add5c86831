namespace Commerce.Simulation;

/// <summary>
/// Decides what goes wrong and when. Each kind of fault has a stream of chance of its own, so that without one of them the others strike
/// much as before. Which kinds a run has and how often is drawn too: a run with few kinds goes deeper than one with all (swarm testing).
/// </summary>
internal sealed class FaultInjector
{
    /// <summary>How often each kind strikes when it may, at the most; those that come by themselves: how many an hour.</summary>
    private static readonly IReadOnlyDictionary<FaultKind, double> Most = new Dictionary<FaultKind, double>
    {
        [FaultKind.Crash] = 60,
        [FaultKind.CrashBeforeCommit] = 0.01,
        [FaultKind.CrashAfterCommit] = 0.01,
        [FaultKind.Restart] = 20,
        [FaultKind.SecondProcess] = 20,
        [FaultKind.AppendRefused] = 0.04,
        [FaultKind.AppendAnswerLost] = 0.06,
        [FaultKind.AppendLost] = 0.04,
        [FaultKind.AppendLate] = 0.03,
        [FaultKind.AppendsSlow] = 0.01,
        [FaultKind.LoadFails] = 0.05,
        [FaultKind.FeedFails] = 0.1,
        [FaultKind.CheckpointFails] = 0.2,
        [FaultKind.DatabaseAway] = 10,
        [FaultKind.ProviderSlow] = 0.2,
        [FaultKind.ProviderAway] = 0.2,
        [FaultKind.ProviderRequestLost] = 0.1,
        [FaultKind.ProviderAnswerLost] = 0.1,
        [FaultKind.ProviderRequestLate] = 0.1,
        [FaultKind.ProviderRequestTwice] = 0.2,
        [FaultKind.ProviderDeclines] = 0.2,
        [FaultKind.ProviderRefuses] = 0.1,
        [FaultKind.ProviderOutage] = 6,
        [FaultKind.RequestLost] = 0.1,
        [FaultKind.AnswerLost] = 0.15,
        [FaultKind.RequestTwice] = 0.2,
        [FaultKind.MemoryShort] = 0.3,
        [FaultKind.ClockWrong] = 1,
        [FaultKind.FeedLate] = 0.05,
    };

    private static readonly FaultKind[] Kinds = Enum.GetValues<FaultKind>();

    private readonly Dictionary<FaultKind, (SeededRandom Dice, double Rate)> _kinds = [];
    private readonly long[] _struck = new long[Kinds.Length];

    public FaultInjector(ulong seed, IReadOnlyCollection<FaultKind> without)
    {
        var weather = new SeededRandom(seed, "weather");
        foreach (var kind in Kinds)
        {
            // Drawn for each kind, had or not, so that leaving one out changes no other.
            var (had, strength) = (weather.Chance(0.6), weather.Share());
            if (had && !without.Contains(kind)) _kinds[kind] = (new SeededRandom(seed, kind.ToString()), Most[kind] * strength);
        }
    }

    /// <summary>The kinds that this run has.</summary>
    public IReadOnlyCollection<FaultKind> Had => _kinds.Keys;

    /// <summary>From when on nothing goes wrong any more.</summary>
    public bool Over { get; set; }

    /// <summary>How often each kind has struck.</summary>
    public IReadOnlyList<long> Struck => _struck;

    /// <summary>True when it goes wrong this time.</summary>
    public bool Strikes(FaultKind kind)
    {
        if (Over || !_kinds.TryGetValue(kind, out var had) || !had.Dice.Chance(had.Rate)) return false;
        _struck[(int)kind]++;
        return true;
    }

    /// <summary>The chance that belongs to a kind of fault, for how it strikes.</summary>
    public SeededRandom Of(FaultKind kind) => _kinds[kind].Dice;

    /// <summary>When a fault that comes by itself strikes within <paramref name="time"/>.</summary>
    public IEnumerable<TimeSpan> Times(FaultKind kind, TimeSpan time)
    {
        if (!_kinds.TryGetValue(kind, out var had)) return [];
        var count = (int)Math.Ceiling(had.Rate * time.TotalHours);
        return [.. Enumerable.Range(0, count).Select(_ => time * had.Dice.Share()).Order()];
    }

    /// <summary>One that came by itself has struck.</summary>
    public void Note(FaultKind kind) => _struck[(int)kind]++;
}
