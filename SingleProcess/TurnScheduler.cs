namespace Commerce.SingleProcess;

/// <summary>
/// Runs the turns of one entity, one at a time, in the order they became ready, on the threads of another scheduler. All that an entity
/// awaits comes back here, so its code never runs on two threads at once and needs no locks.
/// </summary>
internal sealed class TurnScheduler(TaskScheduler target) : TaskScheduler, IThreadPoolWorkItem
{
    private const int TurnsAtOnce = 64; // then others have a go

    private readonly Queue<Task> _turns = new();
    private bool _pumping;
    private bool _halted;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Starts no further turn; queued turns are dropped.</summary>
    public void Halt()
    {
        lock (_turns)
        {
            _halted = true;
            _turns.Clear();
        }
    }

    /// <summary>
    /// Starts <paramref name="turn"/> here, without the caller's ambient values: an entity must not depend on its caller.
    /// </summary>
    public void Post(Action<object?> turn, object state) => FireAndForget.Start(turn, state, this);

    void IThreadPoolWorkItem.Execute() => Pump();

    protected override void QueueTask(Task task)
    {
        lock (_turns)
        {
            if (_halted) return;
            _turns.Enqueue(task);
            if (_pumping) return;
            _pumping = true;
        }

        Schedule();
    }

    // Inside a turn, what is ready at once goes on in the same turn.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && Current == this && !Volatile.Read(ref _halted) && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_turns) return [.. _turns];
    }

    private void Schedule()
    {
        if (target == Default) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        else FireAndForget.Start(static turns => ((TurnScheduler)turns!).Pump(), this, target);
    }

    private void Pump()
    {
        for (var n = 0; n < TurnsAtOnce; n++)
        {
            Task? turn;
            lock (_turns)
            {
                if (!_turns.TryDequeue(out turn))
                {
                    _pumping = false;
                    return;
                }
            }

            TryExecuteTask(turn);
        }

        Schedule();
    }
}
