using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.SingleProcess;

/// <summary>
/// One entity in memory, with its mailbox. Plain calls run one at a time, each to its end; calls that may overlap start at once (decision
/// 9). All of them run as turns of one scheduler, so that never two run at the same instant.
/// </summary>
internal sealed class Activation(
    EntityId id, int number, SingleProcessEngine engine, Func<HostedEntity> create, TimeProvider clock, TaskScheduler target)
{
    private readonly Lock _gate = new();
    private readonly TurnScheduler _turns = new(target);
    private readonly Queue<Invocation> _mailbox = new();
    private readonly HashSet<Invocation> _running = [];
    private readonly TaskCompletionSource _gone = new();
    private HostedEntity? _entity;
    private bool _busy; // with a call that does not overlap
    private bool _closed;
    private bool _listed; // among those in which calls wait
    private long _used = clock.GetTimestamp();

    public EntityId Id { get; } = id;

    /// <summary>Sequence number of this activation. Deterministic, so that a simulation can order by it.</summary>
    public int Number { get; } = number;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The entity, created at its first call. Use it in a turn only.</summary>
    public HostedEntity Entity => _entity ??= create();

    /// <summary>Completes when the entity has left memory.</summary>
    public Task Gone => _gone.Task;

    /// <summary>When it was last called, as a timestamp of the clock.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Takes a call; false when the entity is about to leave memory and another activation must take it.</summary>
    public bool TryTake(Invocation call)
    {
        lock (_gate)
        {
            if (_closed) return false;
            _used = clock.GetTimestamp();
            if (call.Overlaps || !_busy)
            {
                Begin(call);
                return true;
            }

            _mailbox.Enqueue(call);
            if (_listed) return true;
            _listed = true;
        }

        engine.Waits(this);
        return true;
    }

    /// <summary>A call has come to its end; the next one may begin.</summary>
    public void Finished(Invocation call)
    {
        lock (_gate)
        {
            if (!_running.Remove(call)) return; // killed: its caller has the failure, and it has left already
            if (!call.Overlaps)
            {
                _busy = false;
                if (_mailbox.TryDequeue(out var next)) Begin(next);
            }
        }

        engine.Left(call);
    }

    /// <summary>Fails waiting calls whose deadline has passed; true when others still wait.</summary>
    public bool ExpireWaiting()
    {
        List<Invocation>? expired = null;
        bool still;
        lock (_gate)
        {
            var now = Now;
            for (var n = _mailbox.Count; n > 0; n--)
            {
                var call = _mailbox.Dequeue();
                if (call.ExpiredAt(now)) (expired ??= []).Add(call);
                else _mailbox.Enqueue(call);
            }

            still = _listed = _mailbox.Count > 0;
        }

        foreach (var call in expired ?? []) Drop(call, () => call.Expire(Id));
        return still;
    }

    /// <summary>Leaves memory if nothing is under way, in a turn of the entity so that nothing can begin meanwhile.</summary>
    public void LeaveIfIdle() => _turns.Post(static self => _ = ((Activation)self!).TryLeave(), this);

    /// <summary>Stops the entity: calls go on, but no process takes a further step.</summary>
    public Task Stop()
    {
        var stop = engine.Called(EntityMethod.Stop);
        return TryTake(stop) ? stop.Answer : Gone;
    }

    /// <summary>Ends at once, as a crash would: no more of its code runs, and waiting callers get the failure.</summary>
    public void Kill(Exception reason)
    {
        Invocation[] unanswered;
        lock (_gate)
        {
            _closed = true;
            _turns.Halt();
            unanswered = [.. _running, .. _mailbox];
            _running.Clear();
            _mailbox.Clear();
        }

        foreach (var call in unanswered) Drop(call, () => call.Fail(reason));
        _gone.TrySetResult();
    }

    private void Begin(Invocation call)
    {
        _running.Add(call);
        _busy |= !call.Overlaps;
        _turns.Post(static turn => _ = ((Turn)turn!).Run(), new Turn(call, this));
    }

    private void Drop(Invocation call, Action tell)
    {
        tell();
        engine.Left(call);
    }

    private async Task TryLeave()
    {
        lock (_gate)
        {
            if (_closed || _running.Count > 0 || _mailbox.Count > 0 || _entity is { ProcessWork.IsCompleted: false }) return;
            _closed = true;
        }

        try
        {
            if (_entity is not null) await _entity.Stop();
        }
        catch (Exception problem)
        {
            engine.Report(Id, problem);
        }
        finally
        {
            engine.Forget(this);
            _gone.TrySetResult();
        }
    }

    private sealed record Turn(Invocation Call, Activation Activation)
    {
        public Task Run() => Call.Run(Activation);
    }
}
