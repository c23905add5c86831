namespace Commerce.Testing;

/// <summary>Runs work on the thread pool and tells when it has come to rest: when nothing is ready to run and nothing runs.</summary>
public sealed class RestingScheduler : TaskScheduler
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _atWork;

    /// <summary>True once any work was given to it.</summary>
    public bool Used { get; private set; }

    /// <summary>Completes when it rests, and at once when it does already. What waits for a timer or for a test is at rest.</summary>
    public Task Rest()
    {
        lock (_gate) return _atWork == 0 ? Task.CompletedTask : _rest.Task;
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
        {
            Used = true;
            _atWork++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static work => work.Scheduler.Run(work.Task), (Scheduler: this, Task: task), preferLocal: false);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private void Run(Task task)
    {
        TryExecuteTask(task);
        lock (_gate)
        {
            if (--_atWork > 0) return;
            _rest.SetResult();
            _rest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
