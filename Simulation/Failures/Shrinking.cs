namespace Commerce.Simulation;

/// <summary>
/// Looks for a smaller plan that breaks the same rule: fewer shoppers, fewer kinds of fault, less time, in rounds until a round makes
/// nothing smaller. What it finds depends on the plan alone, not on how fast the machine is: its limits are tries and turns, not time.
/// </summary>
internal sealed class Shrinking
{
    private const int MostTries = 600;
    private const int MostTriesAtOnce = 150; // leaves some tries for faults and hours
    private const long MostTurns = 40_000_000;
    private const double LeastHours = 0.01;

    private readonly Func<RunPlan, CampaignResult> _run;
    private readonly CampaignResult _failed;
    private readonly CancellationToken _cancel;
    private readonly IReadOnlyList<FaultKind> _possible;
    private readonly HashSet<string> _tried = [];
    private long _turns;
    private int _until;

    public Shrinking(Func<RunPlan, CampaignResult> run, CampaignResult failed, CancellationToken cancel)
    {
        (_run, _failed, _cancel, Best) = (run, failed, cancel, failed);
        _possible = [.. (failed.Outcome?.Had ?? Enum.GetValues<FaultKind>()).Except(failed.Plan.Without ?? []).Order()];
    }

    /// <summary>The smallest so far that fails.</summary>
    public CampaignResult Best { get; private set; }

    /// <summary>How many runs it took.</summary>
    public int Tries { get; private set; }

    /// <summary>True when it ended because it had tried enough, or was stopped: there may be a smaller one.</summary>
    public bool GaveUp { get; private set; }

    private IReadOnlyCollection<FaultKind> Never => _failed.Plan.Without ?? [];

    private IReadOnlyList<FaultKind> Kept => [.. _possible.Except(Best.Plan.Without ?? [])];

    /// <summary>Where it is, in words.</summary>
    public string Progress => $"shrinking: try {Tries}, {Size}";

    /// <summary>How much is left, in words.</summary>
    public string Size =>
        $"{CampaignReport.Count(Best.Plan.Comers.Count(), "shopper")}, {CampaignReport.Count(Kept.Count, "kind")} of fault, "
        + $"{CampaignReport.Number(Best.Plan.Hours)} h";

    /// <summary>Shrinks as far as it can.</summary>
    public CampaignResult Shrink()
    {
        for (RunPlan? before = null; before != Best.Plan;)
        {
            (before, GaveUp) = (Best.Plan, false);
            Begin();
            Least([.. Best.Plan.Comers], only => Fails(Best.Plan with { Only = only }));
            Begin();
            Least(Kept, kept => Fails(Best.Plan with { Without = [.. Never.Union(_possible.Except(kept)).Order()] }));
            Begin();
            while (Fails(Shorter(0.5)) || Fails(Shorter(0.8)))
            {
                // Each has made it shorter.
            }
        }

        return Best;
    }

    private void Begin() => _until = Tries + MostTriesAtOnce;

    private RunPlan Shorter(double share) =>
        Best.Plan with { Hours = Math.Max(LeastHours, Math.Round(Best.Plan.Hours * share, 2)) };

    private bool Fails(RunPlan plan)
    {
        if (plan.Hours >= Best.Plan.Hours && plan.Comers.Count() >= Best.Plan.Comers.Count()
            && (plan.Without?.Count ?? 0) <= (Best.Plan.Without?.Count ?? 0)) return false;
        if (_tried.Contains(PlanOptions.Words(plan))) return false;
        if (_cancel.IsCancellationRequested || Tries >= Math.Min(_until, MostTries) || _turns >= MostTurns)
        {
            GaveUp = true;
            return false;
        }

        _tried.Add(PlanOptions.Words(plan));
        Tries++;
        var result = _run(plan);
        _turns += result.Outcome?.Turns ?? 0;
        if (result.Violation?.Rule != _failed.Violation!.Rule) return false;
        Best = result;
        return true;
    }

    // Delta debugging (Zeller, Hildebrandt 2002): parts alone, then all but one part, in ever smaller parts.
    private static void Least<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, bool> fails)
    {
        if (items.Count > 0 && fails([])) return;
        for (var parts = 2; items.Count > 1;)
        {
            var chunks = items.Chunk((items.Count + parts - 1) / parts).ToList();
            if (chunks.Find(c => fails(c)) is { } part) (items, parts) = (part, 2);
            else if (AllButOne() is { } rest) (items, parts) = (rest, Math.Max(2, parts - 1));
            else if (parts >= items.Count) return;
            else parts = Math.Min(items.Count, parts * 2);

            IReadOnlyList<T>? AllButOne() =>
                chunks.Count < 3 ? null : chunks.Select(c => items.Except(c).ToArray()).FirstOrDefault(r => fails(r));
        }
    }
}
