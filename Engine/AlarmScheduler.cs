using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>
/// Wakes the entities of one capability at the time that they have set (E5). Polls the journal, and looks earlier when an entity of this
/// process sets an earlier time. An alarm rings until the entity has moved it. Processes that a dead host has left get an alarm here.
/// </summary>
public sealed class AlarmScheduler(CapabilityStore store, Func<EntityId, Task> wake, EngineOptions options)
{
    private readonly Dictionary<EntityId, Ring> _rung = []; // used by the one loop only
    private readonly Lock _gate = new();
    private readonly PriorityQueue<EntityId, DateTimeOffset> _soon = new(); // hints of times before the next poll
    private TaskCompletionSource _sooner = new();
    private DateTimeOffset _nextLook = DateTimeOffset.MaxValue;
    private DateTimeOffset _nextSweep;

    public Capability Capability => store.Capability;

    /// <summary>An entity has set its time; if that is before the next poll, there is an additional one just then.</summary>
    public void Hint(EntityId entity, DateTimeOffset? wakeAt)
    {
        if (wakeAt is not { } time || time - options.Clock.GetUtcNow() >= options.AlarmPoll) return;
        TaskCompletionSource sooner;
        lock (_gate)
        {
            _soon.Enqueue(entity, time);
            if (time >= _nextLook) return;
            _nextLook = time;
            sooner = _sooner;
        }

        sooner.TrySetResult();
    }

    /// <summary>Rings until cancelled. To be started once.</summary>
    public async Task Run(CancellationToken cancel)
    {
        for (var failures = 0; !cancel.IsCancellationRequested;)
        {
            try
            {
                SetNextLook();
                await Sweep(cancel);
                var more = await RingDue(cancel);
                failures = 0;
                if (!more) await UntilNextLook(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                options.ReportFlow($"alarms of {Capability.Name}", problem);
                await Backoff.Until(options.RetryPause(++failures), options.Clock, cancel);
            }
        }
    }

    private async Task Sweep(CancellationToken cancel)
    {
        var now = options.Clock.GetUtcNow();
        if (now < _nextSweep) return;
        await store.Alarms.Sweep(now - ProcessTimes.ResumeAfter, cancel);
        _nextSweep = now + options.SweepInterval;
    }

    private void SetNextLook()
    {
        lock (_gate)
        {
            var now = options.Clock.GetUtcNow();
            _nextLook = now + options.AlarmPoll;
            while (_soon.TryPeek(out _, out var time) && time <= now) _soon.Dequeue();
            if (_soon.TryPeek(out _, out var first) && first < _nextLook) _nextLook = first;
            _sooner = new TaskCompletionSource();
        }
    }

    /// <summary>Rings due alarms; true when there may be more.</summary>
    private async Task<bool> RingDue(CancellationToken cancel)
    {
        var now = options.Clock.GetUtcNow();
        // Alarms that have rung without effect come first in the list, and must not hide the others behind them.
        var due = await store.Alarms.Due(now, options.AlarmBatch + _rung.Count, cancel);
        Tidy(due, now);
        var ringing = due.Where(d => ShouldRing(d, now)).Take(options.AlarmBatch).ToArray();
        foreach (var (entity, wakeAt) in ringing) _rung[entity] = new Ring(wakeAt, now, Wake(entity));
        if (ringing.Length < options.AlarmBatch) return false;
        try
        {
            await Task.WhenAll(ringing.Select(r => _rung[r.Entity].Done)).WaitAsync(options.AlarmPoll, options.Clock, cancel);
        }
        catch (TimeoutException)
        {
            // Slow alarms go on ringing while the next are read.
        }

        return true;
    }

    private bool ShouldRing((EntityId Entity, DateTimeOffset WakeAt) due, DateTimeOffset now) =>
        !_rung.TryGetValue(due.Entity, out var last)
        || (last.Done.IsCompleted && (last.WakeAt != due.WakeAt || now - last.At >= options.AlarmRetry));

    private void Tidy(IReadOnlyList<(EntityId Entity, DateTimeOffset WakeAt)> due, DateTimeOffset now)
    {
        if (_rung.Count == 0) return;
        var stillDue = due.Select(d => d.Entity).ToHashSet();
        foreach (var (entity, ring) in _rung)
            if (ring.Done.IsCompleted && (!stillDue.Contains(entity) || now - ring.At >= options.AlarmRetry)) _rung.Remove(entity);
    }

    private async Task Wake(EntityId entity)
    {
        try
        {
            await wake(entity);
        }
        catch (Exception problem)
        {
            options.Report(entity, problem);
        }
    }

    private async Task UntilNextLook(CancellationToken cancel)
    {
        while (true)
        {
            TimeSpan left;
            TaskCompletionSource sooner;
            lock (_gate)
            {
                left = _nextLook - options.Clock.GetUtcNow();
                if (left <= TimeSpan.Zero) return;
                if (_sooner.Task.IsCompleted) _sooner = new TaskCompletionSource();
                sooner = _sooner;
            }

            await Backoff.Until(sooner, left, options.Clock, cancel);
            await Task.Yield(); // leaves the turn that gave the hint
            cancel.ThrowIfCancellationRequested();
        }
    }

    private sealed record Ring(DateTimeOffset WakeAt, DateTimeOffset At, Task Done);
}
