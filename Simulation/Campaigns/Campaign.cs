namespace Commerce.Simulation;

/// <summary>Many runs, one a thread, on all cores.</summary>
internal sealed class Campaign(Func<RunPlan, CampaignResult> run, bool keepGoing = false)
{
    private readonly Lock _lock = new();
    private readonly List<(int Number, CampaignResult Result)> _failed = [];
    private int _handedOut;

    /// <summary>What has come of it so far.</summary>
    public CampaignTotals Tally { get; } = new();

    /// <summary>
    /// Runs the plans; gives those that failed, in the order of the plans. Without <c>keepGoing</c> it ends with the first: plans are begun
    /// in order and what was begun is finished, so that it is the first one of the list, however many cores there are.
    /// </summary>
    public IReadOnlyList<CampaignResult> Go(IEnumerable<RunPlan> plans, CancellationToken cancel)
    {
        using var next = plans.GetEnumerator();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (Take(next, cancel) is var (number, plan)) End(number, run(plan));
        })).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var failed = _failed.OrderBy(f => f.Number).Select(f => f.Result);
        return [.. keepGoing ? failed : failed.Take(1)];
    }

    private (int Number, RunPlan Plan)? Take(IEnumerator<RunPlan> next, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (cancel.IsCancellationRequested || (_failed.Count > 0 && !keepGoing) || !next.MoveNext()) return null;
            return (_handedOut++, next.Current);
        }
    }

    private void End(int number, CampaignResult result)
    {
        Tally.Add(result);
        if (result.Violation is null) return;
        lock (_lock) _failed.Add((number, result));
    }
}
