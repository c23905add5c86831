namespace Commerce.Replay;

/// <summary>Runs similar parts of the work with limited concurrency, as one step of the progress.</summary>
internal static class InParallel
{
    public static async Task Each<T>(
        IProgressDisplay progress, string name, IEnumerable<T> parts, int concurrency, Func<T, Task> act, CancellationToken cancel,
        Func<T, int>? weight = null)
    {
        var all = parts.ToList();
        if (all.Count == 0) return;
        var step = progress.Step(name, all.Count, weight is null ? all.Count : all.Sum(weight));
        await Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancel },
            async (part, _) =>
            {
                await act(part);
                step.Advance(weight?.Invoke(part) ?? 1);
            });
    }
}
