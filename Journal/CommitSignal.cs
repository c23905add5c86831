using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// Wakes those who follow the facts: at once after a commit of this process, by PostgreSQL's notification after one of another process, and
/// every now and then anyway.
/// </summary>
/// <remarks>
/// The notification is sent after the commit by a transaction of its own, because notifying transactions commit one after the other in the
/// whole server, with their wait for the disk. It is a hint: if it is lost, the next look finds what is new.
/// </remarks>
internal sealed class CommitSignal : IAsyncDisposable
{
    private const string Channel = "journal_committed";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Other processes are told of the commits of so long at once.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    private readonly NpgsqlDataSource _source;
    private readonly Action _perhaps;
    private readonly string _self = Guid.NewGuid().ToString("n");
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _toTell = new(0, 1);
    private readonly Task _running;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="source">Connections to the database.</param>
    /// <param name="pollInterval">How often to look although nobody said anything.</param>
    /// <param name="perhaps">Told before each signal that is not known to be of this process alone.</param>
    public CommitSignal(NpgsqlDataSource source, TimeSpan pollInterval, Action perhaps)
    {
        (_source, _perhaps) = (source, perhaps);
        _running = Task.Run(() => Task.WhenAll(Poll(pollInterval), Repeatedly(Listen), Repeatedly(Tell)));
    }

    /// <summary>Completes with the next signal after this call.</summary>
    public Task Changed(CancellationToken cancel) => Volatile.Read(ref _changed).Task.WaitAsync(cancel);

    /// <summary>This process committed something.</summary>
    public void Committed()
    {
        Signal();
        lock (_toTell)
            if (_toTell.CurrentCount == 0) _toTell.Release();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        Signal();
    }

    private void SignalPerhaps()
    {
        _perhaps();
        Signal();
    }

    private void Signal() =>
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private async Task Poll(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) SignalPerhaps();
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task Listen()
    {
        await using var connection = await _source.OpenConnectionAsync(_stopping.Token);
        connection.Notification += (_, notification) =>
        {
            if (notification.Payload != _self) SignalPerhaps();
        };
        await using (var listen = new NpgsqlCommand($"listen {Channel}", connection)) await listen.ExecuteNonQueryAsync(_stopping.Token);
        SignalPerhaps(); // something may have been missed while nobody listened
        while (true) await connection.WaitAsync(_stopping.Token);
    }

    private async Task Tell()
    {
        await _toTell.WaitAsync(_stopping.Token);
        await using var notify = _source.CreateCommand(
            "with lightly as materialized (select set_config('synchronous_commit', 'off', true)) select pg_notify($1, $2) from lightly");
        notify.Parameters.Add(new() { Value = Channel });
        notify.Parameters.Add(new() { Value = _self });
        await notify.ExecuteNonQueryAsync(_stopping.Token);
        await Task.Delay(Gather, _stopping.Token); // afterwards, so that the first after a pause is told at once
    }

    private async Task Repeatedly(Func<Task> work)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await work();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem) when (problem is NpgsqlException or IOException or TimeoutException)
            {
                await Task.WhenAny(Task.Delay(Retry, _stopping.Token)); // the database is away; polling goes on meanwhile
            }
        }
    }
}
