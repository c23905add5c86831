namespace Commerce.SingleProcess;

/// <summary>Starts work on a scheduler without the ambient values (trace, culture, request) of the caller.</summary>
internal static class FireAndForget
{
    public static Task Start(Action<object?> work, object? state, TaskScheduler scheduler)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Queue(work, state, scheduler);
        using (ExecutionContext.SuppressFlow()) return Queue(work, state, scheduler);
    }

    public static Task Start(Func<Task> work, TaskScheduler scheduler)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Queue(work, scheduler);
        using (ExecutionContext.SuppressFlow()) return Queue(work, scheduler);
    }

    private static Task Queue(Action<object?> work, object? state, TaskScheduler scheduler) =>
        Task.Factory.StartNew(work, state, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);

    private static Task Queue(Func<Task> work, TaskScheduler scheduler) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
}
