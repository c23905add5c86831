namespace Commerce.Kernel;

/// <summary>Calls to many entities at once.</summary>
public static class Batched
{
    /// <summary>How many calls are under way at a time: enough to share commits, few enough to leave room for others.</summary>
    private const int BatchSize = 64;

    /// <summary>Runs over all items, a batch at a time; every call that was started has ended when this ends.</summary>
    public static async Task<IReadOnlyList<(T Item, TResult Result)>> ForEach<T, TResult>(IEnumerable<T> items, Func<T, Task<TResult>> run)
    {
        var results = new List<(T, TResult)>();
        foreach (var batch in items.Chunk(BatchSize))
            results.AddRange(batch.Zip(await Task.WhenAll(batch.Select(run))));
        return results;
    }
}
