using Commerce.Kernel;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Commerce.Grains;

/// <summary>
/// Consecutive facts of one partition, and the position up to which the partition is then known. Without facts it is a marker: the consumer
/// learns nothing from it, but it makes Orleans ask the consumer for its position (decision 8).
/// </summary>
[GenerateSerializer, Immutable, Alias("commerce.journal-batch")]
internal sealed class JournalBatch(StreamId streamId, long position, RecordedFact[] facts) : IBatchContainer
{
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    /// <summary>Up to where the partition is known with this batch.</summary>
    [Id(1)]
    public long Position { get; } = position;

    /// <summary>The facts, in order.</summary>
    [Id(2)]
    public RecordedFact[] Facts { get; } = facts;

    public StreamSequenceToken SequenceToken => JournalStreams.TokenOf(Position);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => Facts.Select(
        f => f is T fact
            ? Tuple.Create(fact, (StreamSequenceToken)new EventSequenceTokenV2(f.Position))
            : throw new InvalidOperationException($"Streams of a journal carry {nameof(RecordedFact)}, not {typeof(T).Name}."));

    /// <summary>Nothing to import: what caused a fact is in the fact.</summary>
    public bool ImportRequestContext() => false;
}
