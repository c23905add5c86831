namespace Commerce.Replay;

/// <summary>Many alike requests, so many at a time, as one step of the progress.</summary>
internal static class InParallel
{
    public static async Task Each<T>(
        IProgressDisplay progress, string name, IEnumerable<T> parts, int concurrency, Func<T, Task> act, CancellationToken cancel)
    {
        var all = parts.ToList();
        if (all.Count == 0) return;
        var step = progress.Step(name, all.Count);
        await Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancel },
            async (part, _) =>
            {
                await act(part);
                step.Advance();
            });
    }
}
