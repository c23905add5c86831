using System.Globalization;
using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// Names: the partition 3 of the journal of Orders is the stream <c>Orders/3</c>, and its queue is <c>orders-3</c>. A capability's name
/// is kept as it is, since queue ids are compared as text.
/// </summary>
internal sealed class JournalQueues(HostedCapabilities hosted) : IStreamQueueMapper
{
    /// <summary>The queues of the capabilities that this silo hosts.</summary>
    public IEnumerable<QueueId> GetAllQueues() => hosted.Stores.SelectMany(
        s => Enumerable.Range(0, s.Log.Partitions).Select(p => Queue(s.Capability.Name, p, 0)));

    public QueueId GetQueueForStream(StreamId streamId) =>
        Queue(streamId.GetNamespace() ?? "", int.Parse(streamId.GetKeyAsString(), CultureInfo.InvariantCulture), 0);

    /// <summary>The queue of a partition, as it is while <paramref name="followers"/> (a digest) follow streams of the cluster.</summary>
    public static QueueId Queue(string capability, int partition, uint followers) =>
        QueueId.GetQueueId(capability, (uint)partition, followers);

    /// <summary>The capability whose journal a queue is of.</summary>
    public static string Capability(QueueId queue) => queue.GetStringNamePrefix();

    /// <summary>The partition that a queue is.</summary>
    public static int Partition(QueueId queue) => (int)queue.GetNumericId();

    /// <summary>The stream of a queue.</summary>
    public static StreamId Stream(QueueId queue) => JournalStreams.StreamOf(Capability(queue), Partition(queue));

    /// <summary>The journal that a queue is a part of.</summary>
    public IFactLog Log(QueueId queue) => hosted.Find(Capability(queue))?.Log ?? throw new InvalidOperationException(
        $"This silo was given the queue {queue}, but it does not host {Capability(queue)}.");
}
