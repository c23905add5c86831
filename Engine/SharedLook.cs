namespace Commerce.Engine;

/// <summary>
/// A look at what others may change, which many want at the same time: each waits for one that began after it asked, and those that wait
/// share it.
/// </summary>
/// <param name="clock">Whose timestamps it compares.</param>
/// <param name="look">Looks; one at a time.</param>
public sealed class SharedLook(TimeProvider clock, Func<CancellationToken, Task> look)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Look? _last;

    /// <summary>How long ago the last one began that has succeeded; null: there was none.</summary>
    public TimeSpan? Age => _last is { } last ? clock.GetElapsedTime(last.Began) : null;

    /// <summary>Completes when all is known that was so before this call.</summary>
    public async Task Fresh(CancellationToken cancel)
    {
        var asked = clock.GetTimestamp();
        await _turn.WaitAsync(cancel);
        try
        {
            if (_last is { } last && last.Began > asked) return;
            var began = clock.GetTimestamp();
            await look(cancel);
            _last = new Look(began);
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed record Look(long Began);
}
