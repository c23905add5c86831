using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Grains.Client;
using Commerce.Kernel;

namespace Commerce.Grains.Tests;

/// <summary>
/// Lets calls arrive at an entity in the order in which the client sent them. Orleans does not promise that for concurrent calls, and the
/// business does not rely on it; but tests describe an order. Each call waits until the one before has arrived.
/// </summary>
internal sealed class SendingOrder : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<(GrainId, string), TaskCompletionSource> _sent = new();
    private readonly Dictionary<GrainId, Task> _last = [];

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (OperationOf(context) is not { } operation)
        {
            await context.Invoke();
            return;
        }

        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sent[(context.TargetId, operation)] = arrived;
        Task before;
        lock (_last)
        {
            before = _last.GetValueOrDefault(context.TargetId, Task.CompletedTask);
            _last[context.TargetId] = arrived.Task;
        }

        try
        {
            await before;
            await context.Invoke();
        }
        finally
        {
            arrived.TrySetResult(); // at the latest
        }
    }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        var running = context.Invoke(); // has taken its place in the line when this returns
        if (OperationOf(context) is { } operation && _sent.TryRemove((context.TargetId, operation), out var arrived))
            arrived.TrySetResult();
        return running;
    }

    private static string? OperationOf(IGrainCallContext context) =>
        ContractMethod.Find(context.InterfaceMethod)?.CallOf(context.Request)?.OperationId;
}
