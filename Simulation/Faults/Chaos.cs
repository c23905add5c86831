namespace Commerce.Simulation;

/// <summary>
/// Decides what goes wrong and when. Each kind of fault has a stream of chance of its own, so that without one of them the others strike
/// much as before. Which kinds a run has and how often is drawn too: a run with few kinds goes deeper than one with all (swarm testing).
/// </summary>
internal sealed class Chaos
{
    /// <summary>How often each kind strikes when it may, at the most; those that come by themselves: how many an hour.</summary>
    private static readonly IReadOnlyDictionary<Fault, double> Most = new Dictionary<Fault, double>
    {
        [Fault.Crash] = 60,
        [Fault.CrashBeforeCommit] = 0.01,
        [Fault.CrashAfterCommit] = 0.01,
        [Fault.Restart] = 20,
        [Fault.SecondProcess] = 20,
        [Fault.AppendRefused] = 0.04,
        [Fault.AppendAnswerLost] = 0.06,
        [Fault.AppendLost] = 0.04,
        [Fault.AppendLate] = 0.03,
        [Fault.AppendsSlow] = 0.01,
        [Fault.LoadFails] = 0.05,
        [Fault.FeedFails] = 0.1,
        [Fault.CheckpointFails] = 0.2,
        [Fault.DatabaseAway] = 10,
        [Fault.ProviderSlow] = 0.2,
        [Fault.ProviderAway] = 0.2,
        [Fault.ProviderRequestLost] = 0.1,
        [Fault.ProviderAnswerLost] = 0.1,
        [Fault.ProviderRequestLate] = 0.1,
        [Fault.ProviderRequestTwice] = 0.2,
        [Fault.ProviderDeclines] = 0.2,
        [Fault.ProviderRefuses] = 0.1,
        [Fault.ProviderOutage] = 6,
        [Fault.RequestLost] = 0.1,
        [Fault.AnswerLost] = 0.15,
        [Fault.RequestTwice] = 0.2,
        [Fault.MemoryShort] = 0.3,
        [Fault.ClockWrong] = 1,
    };

    private static readonly Fault[] Kinds = Enum.GetValues<Fault>();

    private readonly Dictionary<Fault, (Dice Dice, double Rate)> _kinds = [];
    private readonly long[] _struck = new long[Kinds.Length];

    public Chaos(ulong seed, IReadOnlyCollection<Fault> without)
    {
        var weather = new Dice(seed, "weather");
        foreach (var kind in Kinds)
        {
            // Drawn for each kind, had or not, so that leaving one out changes no other.
            var (had, strength) = (weather.Chance(0.6), weather.Share());
            if (had && !without.Contains(kind)) _kinds[kind] = (new Dice(seed, kind.ToString()), Most[kind] * strength);
        }
    }

    /// <summary>The kinds that this run has.</summary>
    public IReadOnlyCollection<Fault> Had => _kinds.Keys;

    /// <summary>From when on nothing goes wrong any more.</summary>
    public bool Over { get; set; }

    /// <summary>How often each kind has struck.</summary>
    public IReadOnlyList<long> Struck => _struck;

    /// <summary>True when it goes wrong this time.</summary>
    public bool Strikes(Fault kind)
    {
        if (Over || !_kinds.TryGetValue(kind, out var had) || !had.Dice.Chance(had.Rate)) return false;
        _struck[(int)kind]++;
        return true;
    }

    /// <summary>The chance that belongs to a kind of fault, for how it strikes.</summary>
    public Dice Of(Fault kind) => _kinds[kind].Dice;

    /// <summary>When a fault that comes by itself strikes within <paramref name="time"/>.</summary>
    public IEnumerable<TimeSpan> Times(Fault kind, TimeSpan time)
    {
        if (!_kinds.TryGetValue(kind, out var had)) return [];
        var count = (int)Math.Ceiling(had.Rate * time.TotalHours);
        return [.. Enumerable.Range(0, count).Select(_ => time * had.Dice.Share()).Order()];
    }

    /// <summary>One that came by itself has struck.</summary>
    public void Note(Fault kind) => _struck[(int)kind]++;
}
