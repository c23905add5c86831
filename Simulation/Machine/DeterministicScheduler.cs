namespace Commerce.Simulation;

/// <summary>
/// The one thread that everything runs on, in an order drawn from the seed (decision 11). Each process of the simulation, and the world
/// outside of them, has a <see cref="Lane"/>; what is ready on any lane may be next.
/// </summary>
internal sealed class DeterministicScheduler(SeededRandom dice)
{
    private readonly List<(Lane Lane, Task Task)> _ready = [];
    private readonly int _home = Environment.CurrentManagedThreadId;
    private string? _escape;

    /// <summary>How many turns were run.</summary>
    public long Turns { get; private set; }

    /// <summary>Runs until <paramref name="done"/>; when nothing is ready, <paramref name="idle"/> must bring more, or be false.</summary>
    public void Run(Func<bool> done, Func<bool> idle)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (!done())
            {
                if (Volatile.Read(ref _escape) is { } escape) throw new InvalidOperationException(escape);
                if (_ready.Count > 0) RunOne();
                else if (!idle()) throw new InvalidOperationException("Nothing is ready and no timer is set: all wait for each other.");
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Add(Lane lane, Task task)
    {
        if (Environment.CurrentManagedThreadId == _home) _ready.Add((lane, task));
        else Volatile.Write(ref _escape, $"Something left the one thread: it came back on another one.\n{Environment.StackTrace}");
    }

    private void RunOne()
    {
        var n = _ready.Count == 1 ? 0 : dice.Next(_ready.Count);
        var (lane, task) = _ready[n];
        _ready[n] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Turns++;
        lane.Execute(task);
    }

    /// <summary>The scheduler of one process, or of the world outside.</summary>
    public sealed class Lane(DeterministicScheduler thread) : TaskScheduler
    {
        private bool _halted;

        public override int MaximumConcurrencyLevel => 1;

        /// <summary>Nothing of it runs any more, as when a process is killed.</summary>
        public void Halt() => _halted = true;

        public void Execute(Task task)
        {
            if (!_halted) TryExecuteTask(task);
        }

        /// <summary>Begins work here; what it awaits comes back here.</summary>
        public Task Start(Func<Task> work) =>
            Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

        protected override void QueueTask(Task task)
        {
            if (!_halted) thread.Add(this, task);
        }

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
