namespace Commerce.Journal;

/// <summary>Removes old operations' answers, seldom and in the background.</summary>
internal sealed class AnswerPruner : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;

    public AnswerPruner(PostgresJournal journal, string database, JournalOptions options) =>
        _running = Task.Run(() => Run(journal, database, options));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task Run(PostgresJournal journal, string database, JournalOptions options)
    {
        using var timer = new PeriodicTimer(options.PruneInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                try
                {
                    await journal.PruneAnswers(DateTimeOffset.UtcNow - options.KeepAnswers, _stopping.Token);
                }
                catch (Exception problem) when (!_stopping.IsCancellationRequested)
                {
                    options.ReportPruning(database, problem); // the next time will do: nothing depends on when they go
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
