using Commerce.Kernel;

namespace Commerce.Journal;

/// <summary>Removes old operations' answers, seldom and in the background.</summary>
internal sealed class OperationPruner : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public OperationPruner(PostgresJournal journal, JournalOptions options) => _running = Task.Run(() => Run(journal, options));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task Run(PostgresJournal journal, JournalOptions options)
    {
        using var timer = new PeriodicTimer(options.PruneInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await journal.PruneOperations(DateTimeOffset.UtcNow - options.KeepOperations, _stopping.Token);
                }
                catch (UnavailableException)
                {
                    // The next time will do: nothing depends on when they go.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
