using System.Diagnostics;

namespace Commerce.Simulation;

/// <summary>Adds up what many runs have done, on many threads.</summary>
internal sealed class CampaignTotals
{
    private readonly Lock _lock = new();
    private readonly long _began = Stopwatch.GetTimestamp();
    private CampaignFigures _figures = new(0, 0, 0, new long[Kinds], new int[Kinds], TimeSpan.Zero, TimeSpan.Zero, 0);

    private static readonly int Kinds = Enum.GetValues<FaultKind>().Length;

    /// <summary>The sums so far.</summary>
    public CampaignFigures Figures
    {
        get { lock (_lock) return _figures with { Took = Stopwatch.GetElapsedTime(_began) }; }
    }

    /// <summary>A run has ended.</summary>
    public void Add(CampaignResult result)
    {
        lock (_lock)
        {
            var (now, outcome) = (_figures, result.Outcome);
            _figures = now with
            {
                Runs = now.Runs + 1,
                Failed = now.Failed + (result.Violation is null ? 0 : 1),
                Orders = now.Orders + (outcome?.Orders ?? 0),
                Struck = outcome is null ? now.Struck : [.. now.Struck.Zip(outcome.Struck, (a, b) => a + b)],
                In = outcome is null ? now.In : [.. now.In.Zip(outcome.Struck, (a, b) => a + (b > 0 ? 1 : 0))],
                Simulated = now.Simulated + (outcome?.Simulated ?? TimeSpan.Zero),
                Hash = now.Hash + (outcome?.Trace.Hash ?? 0),
            };
        }
    }
}

/// <summary>The sums of a campaign.</summary>
/// <param name="Runs">How many ended.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="Orders">Orders that were accepted.</param>
/// <param name="Struck">How often each kind of fault has struck.</param>
/// <param name="In">In how many runs it has.</param>
/// <param name="Hash">Stands for all events of all runs, in any order of the runs.</param>
internal sealed record CampaignFigures(
    int Runs, int Failed, long Orders, IReadOnlyList<long> Struck, IReadOnlyList<int> In, TimeSpan Simulated, TimeSpan Took, ulong Hash)
{
    /// <summary>Faults of all kinds.</summary>
    public long Faults => Struck.Sum();

    /// <summary>Runs in a minute of real time.</summary>
    public double RunsPerMinute => Runs / Math.Max(0.001, Took.TotalMinutes);

    /// <summary>Simulated seconds in a real one.</summary>
    public double Speed => Simulated / TimeSpan.FromSeconds(Math.Max(0.001, Took.TotalSeconds));
}
