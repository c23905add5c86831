namespace Commerce.SingleProcess.Tests;

/// <summary>A scheduler of one thread that runs what is ready in an order drawn from a seed.</summary>
internal sealed class OneThread(int seed) : TaskScheduler
{
    private readonly List<Task> _ready = [];
    private readonly Random _random = new(seed);

    /// <summary>
    /// Runs what is ready, and what that makes ready; when nothing is left, <paramref name="idle"/> must bring more. Until it is done.
    /// </summary>
    public void Run(Func<Task> work, Action idle)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var done = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();
            while (!done.IsCompleted)
            {
                if (_ready.Count == 0) idle();
                else RunOne();
            }

            done.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    protected override void QueueTask(Task task) => _ready.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    private void RunOne()
    {
        var n = _random.Next(_ready.Count);
        var task = _ready[n];
        _ready.RemoveAt(n);
        TryExecuteTask(task);
    }
}
