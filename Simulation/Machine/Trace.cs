namespace Commerce.Simulation;

/// <param name="At">When, in simulated time.</param>
/// <param name="What">What it was: <c>commit</c>, <c>ask</c>, <c>kill</c>.</param>
/// <param name="Whom">Which entity, process or kind of trouble.</param>
/// <param name="Number">A process, version or amount; 0 where there is none.</param>
/// <param name="More">Distinguishes it from others.</param>
internal readonly record struct Event(DateTimeOffset At, string What, string Whom, long Number, string? More);

/// <summary>
/// What happened, event by event. Always as one number, so that two runs can be compared; optionally as lines for a person.
/// </summary>
internal sealed class Trace(VirtualClock clock, bool keep)
{
    private readonly List<Event> _lines = [];
    private ulong _hash = StableHash.Of("");

    /// <summary>The number that stands for all events so far, their order and their times.</summary>
    public ulong Hash => _hash;

    /// <summary>How many there were.</summary>
    public long Events { get; private set; }

    /// <summary>The lines, if they were to be kept.</summary>
    public IReadOnlyList<Event> Lines => _lines;

    /// <summary>An event: what, to whom, and a number or words that distinguish it from others.</summary>
    public void Add(string what, string whom, long number = 0, string? more = null)
    {
        Events++;
        var hash = StableHash.Add(StableHash.Add(StableHash.Add(_hash, clock.Now.Ticks), what), whom);
        _hash = StableHash.Add(StableHash.Add(hash, number), more ?? "");
        if (keep) _lines.Add(new Event(clock.Now, what, whom, number, more));
    }
}
