using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Commerce.Journal;

/// <summary>
/// Wakes the followers of facts: at once after a commit of this process, by PostgreSQL's notification after one of another process, and at
/// a poll interval.
/// </summary>
/// <remarks>
/// The notification is sent after the commit by a transaction of its own, because notifying transactions commit one after the other in the
/// whole server, with their wait for the disk. It is a hint: if it is lost, the next poll finds the facts.
/// </remarks>
internal sealed class CommitSignal : IAsyncDisposable
{
    private const string Committing = "journal_committed";

    /// <summary>The channel on which processes with watchers announce them.</summary>
    private const string Watching = "journal_watched";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Gather window for this process: shortly after a commit, the commits of this time wake the followers together.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    /// <summary>Gather window for other processes, because each notification wakes all of them.</summary>
    private static readonly TimeSpan GatherForOthers = TimeSpan.FromMilliseconds(200);

    /// <summary>The same, while another process has watchers.</summary>
    private static readonly TimeSpan GatherForWatchers = TimeSpan.FromMilliseconds(25);

    /// <summary>How often a process with watchers announces them.</summary>
    private static readonly TimeSpan SayWatchedEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long such an announcement stays valid.</summary>
    private static readonly TimeSpan WatchedFor = TimeSpan.FromSeconds(5);

    private readonly NpgsqlDataSource _source;
    private readonly Action<IReadOnlyCollection<int>?> _perhaps;
    private readonly string _self = Guid.NewGuid().ToString("n");
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _toSignal = new(0, 1);
    private readonly SemaphoreSlim _toTell = new(0, 1);
    private readonly SemaphoreSlim _toSayWatched = new(0, 1);
    private readonly HashSet<int> _untold = [];
    private readonly HashSet<int> _grown = []; // and not signalled; under the lock of _untold
    private readonly Task _running;
    private long _watchedElsewhere; // when it was said last
    private readonly TaskCompletionSource[] _changedOf; // by partition
    private TaskCompletionSource _changed = New();

    /// <param name="source">Connections to the database.</param>
    /// <param name="partitions">How many it has.</param>
    /// <param name="pollInterval">A fallback for lost notifications.</param>
    /// <param name="perhaps">
    /// Called before each signal that may concern commits of other processes: with the partitions that have grown, or null for any.
    /// </param>
    public CommitSignal(NpgsqlDataSource source, int partitions, TimeSpan pollInterval, Action<IReadOnlyCollection<int>?> perhaps)
    {
        (_source, _perhaps) = (source, perhaps);
        _changedOf = [.. Enumerable.Range(0, partitions).Select(_ => New())];
        _running = Task.Run(() => Task.WhenAll(Poll(pollInterval), Wake(), Repeatedly(Listen), Repeatedly(Tell), Repeatedly(SayWatched)));
    }

    /// <summary>Completes with the next signal after this call.</summary>
    public Task Changed(CancellationToken cancel) => Volatile.Read(ref _changed).Task.WaitAsync(cancel);

    /// <summary>Completes with the next signal after this call that may concern a partition.</summary>
    public Task Changed(int partition, CancellationToken cancel) => Volatile.Read(ref _changedOf[partition]).Task.WaitAsync(cancel);

    /// <summary>There is a watcher here now: other processes shall announce their commits sooner.</summary>
    public void Watched() => Set(_toSayWatched);

    /// <summary>The gather window of notifications to other processes.</summary>
    internal TimeSpan TellsWithin =>
        Stopwatch.GetElapsedTime(Volatile.Read(ref _watchedElsewhere)) < WatchedFor ? GatherForWatchers : GatherForOthers;

    /// <summary>This process committed facts to these partitions.</summary>
    public void Committed(IEnumerable<int> partitions)
    {
        lock (_untold)
        {
            foreach (var partition in partitions)
            {
                _untold.Add(partition);
                _grown.Add(partition);
            }
        }

        Set(_toTell);
        Set(_toSignal);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await TellTheLast();
        Grown(null);
        Signal();
    }

    private void SignalPerhaps(IReadOnlyCollection<int>? partitions = null)
    {
        _perhaps(partitions);
        Grown(partitions);
        Set(_toSignal);
    }

    private void Heard(string channel, string payload)
    {
        var (sender, partitions) = Read(payload);
        if (sender == _self) return;
        if (channel == Watching) Volatile.Write(ref _watchedElsewhere, Stopwatch.GetTimestamp());
        else SignalPerhaps(partitions);
    }

    /// <summary>The sender and its partitions; null: any partition. Older software sends only its name.</summary>
    internal static (string Sender, IReadOnlyCollection<int>? Partitions) Read(string payload)
    {
        var (parts, partitions) = (payload.Split('/'), new List<int>());
        if (parts.Length < 2) return (payload, null);
        foreach (var part in parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) return (parts[0], null);
            partitions.Add(partition);
        }

        return (parts[0], partitions);
    }

    // Null when a commit was announced together with the one before it.
    private string? Untold()
    {
        lock (_untold)
        {
            if (_untold.Count == 0) return null;
            var told = $"{_self}/{string.Join(',', _untold)}";
            _untold.Clear();
            return told;
        }
    }

    private static void Set(SemaphoreSlim signal)
    {
        lock (signal)
            if (signal.CurrentCount == 0) signal.Release();
    }

    private Task Wake() => UntilStopped(async () =>
    {
        await _toSignal.WaitAsync(_stopping.Token);
        Signal();
        await Task.Delay(Gather, _stopping.Token); // afterwards, so that the first after a pause is signalled at once
    });

    private void Grown(IReadOnlyCollection<int>? partitions)
    {
        lock (_untold) _grown.UnionWith(partitions?.Where(p => p < _changedOf.Length) ?? Enumerable.Range(0, _changedOf.Length));
    }

    private void Signal()
    {
        int[] grown;
        lock (_untold)
        {
            grown = [.. _grown];
            _grown.Clear();
        }

        foreach (var partition in grown) Interlocked.Exchange(ref _changedOf[partition], New()).TrySetResult();
        Interlocked.Exchange(ref _changed, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Task Poll(TimeSpan interval) => UntilStopped(async () =>
    {
        await Task.Delay(interval, _stopping.Token);
        SignalPerhaps();
    });

    private async Task UntilStopped(Func<Task> work)
    {
        try
        {
            while (true) await work();
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task Listen()
    {
        await using var connection = await _source.OpenConnectionAsync(_stopping.Token);
        connection.Notification += (_, notification) => Heard(notification.Channel, notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {Committing}; listen {Watching}", connection))
            await listen.ExecuteNonQueryAsync(_stopping.Token);
        SignalPerhaps(); // a notification may have been missed while not listening
        while (true) await connection.WaitAsync(_stopping.Token);
    }

    private async Task Tell()
    {
        await _toTell.WaitAsync(_stopping.Token);
        if (Untold() is not { } told) return;
        await Notify(Committing, told, _stopping.Token);
        await Task.Delay(TellsWithin, _stopping.Token); // afterwards, too
    }

    private async Task SayWatched()
    {
        await _toSayWatched.WaitAsync(_stopping.Token);
        await Notify(Watching, _self, _stopping.Token);
        await Task.Delay(SayWatchedEvery, _stopping.Token);
    }

    // It is only a hint, and not worth a wait for a database that is away.
    private async Task TellTheLast()
    {
        if (Untold() is not { } told) return;
        using var patience = new CancellationTokenSource(Retry);
        try
        {
            await Notify(Committing, told, patience.Token);
        }
        catch (Exception problem) when (problem is NpgsqlException or IOException or TimeoutException or OperationCanceledException)
        {
            // The others look by themselves.
        }
    }

    private async Task Notify(string channel, string payload, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var notify = new NpgsqlCommand(
            "with lightly as materialized (select set_config('synchronous_commit', 'off', true)) select pg_notify($1, $2) from lightly",
            connection);
        notify.Parameters.Add(new() { Value = channel });
        notify.Parameters.Add(new() { Value = payload });
        await notify.PrepareAsync(cancel);
        await notify.ExecuteNonQueryAsync(cancel);
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
