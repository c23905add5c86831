using System.Collections.Concurrent;
using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>The stream provider over the journals: the factories from which Orleans runs one agent per queue.</summary>
internal sealed class JournalAdapter(string name, HostedCapabilities hosted, EngineOptions options)
    : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterCache, IStreamFailureHandler
{
    private readonly JournalQueues _queues = new(hosted);
    private readonly ConcurrentDictionary<QueueId, JournalCache> _caches = new();

    public string Name => name;

    public bool IsRewindable => true;

    /// <summary>Facts come into being by appends of entities, never by a stream.</summary>
    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    /// <summary>False: a subscription that fails is tried again for ever, as its facts are kept for ever.</summary>
    public bool ShouldFaultSubsriptionOnError => false;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => _queues;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) => Task.FromResult<IStreamFailureHandler>(this);

    /// <summary>An agent creates its cache first and its receiver then; both are new each time it takes the queue.</summary>
    public IQueueCache CreateQueueCache(QueueId queueId) => _caches[queueId] =
        new JournalCache(queueId, _queues.Log(queueId), problem => Report(queueId, problem));

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) => new JournalReceiver(
        JournalQueues.Partition(queueId), _queues.Log(queueId), _caches[queueId], options.DeliverEvery, problem => Report(queueId, problem),
        left: cache => _caches.TryRemove(new(queueId, cache)));

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException(
            $"The stream {streamId} is a capability's journal: nothing can be sent to it. Facts come into being by appends of entities.");

    public Task OnDeliveryFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
        Report(subscriptionId, streamIdentity, sequenceToken, "The stream's agent gave up delivering a batch.");

    public Task OnSubscriptionFailure(
        GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken) =>
        Report(subscriptionId, streamIdentity, sequenceToken, "The stream's agent could not learn from where to deliver.");

    private void Report(QueueId queue, Exception problem) =>
        options.ReportFlow($"stream {JournalQueues.Capability(queue)}/{JournalQueues.Partition(queue)}", problem);

    private Task Report(GuidId subscription, StreamId stream, StreamSequenceToken? token, string what)
    {
        options.ReportFlow($"stream {stream}", new InvalidOperationException($"{what} Subscription {subscription}, at {token}."));
        return Task.CompletedTask;
    }
}
