using System.Buffers;
using Commerce.Engine;
using Commerce.Kernel;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;

namespace Commerce.Grains.Client;

/// <summary>What of a failure its caller learns: the message is fit for the caller's eyes, the rest stays in the log of the silo.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="RetryAfterMilliseconds">When to try again.</param>
internal sealed record WireFailure(string Message, double RetryAfterMilliseconds);

/// <summary>
/// Serializes an <see cref="UnavailableException"/> of the Kernel for a caller in another process, with its type. A type that was derived
/// elsewhere arrives as the base type: the other process may not have it.
/// </summary>
internal sealed class FailureCodec<T> : IFieldCodec<T> where T : UnavailableException
{
    private static readonly JsonCodec<WireFailure> Inner = new();

    private static readonly Type Known = typeof(T).Assembly == typeof(UnavailableException).Assembly
        ? typeof(T)
        : typeof(UnavailableException);

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, T? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        ReferenceCodec.MarkValueField(writer.Session);
        writer.WriteFieldHeader(fieldIdDelta, expectedType, Known, WireType.TagDelimited);
        Inner.WriteField(ref writer, 0, typeof(WireFailure), new WireFailure(value!.Message, value.RetryAfter.TotalMilliseconds));
        writer.WriteEndObject();
    }

    public T ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        field.EnsureWireTypeTagDelimited();
        ReferenceCodec.MarkValueField(reader.Session);
        WireFailure? read = null;
        for (var inside = reader.ReadFieldHeader(); !inside.IsEndBaseOrEndObject; inside = reader.ReadFieldHeader())
        {
            if (read is null) read = Inner.ReadValue(ref reader, inside);
            else reader.ConsumeUnknownField(inside); // of a newer version
        }

        var failure = read ?? new WireFailure("The service is not available just now.", 1000);
        return (T)Made(failure.Message, TimeSpan.FromMilliseconds(failure.RetryAfterMilliseconds));
    }

    private static UnavailableException Made(string message, TimeSpan retryAfter) =>
        typeof(T) == typeof(OutcomeUnknownException) ? new OutcomeUnknownException(message)
        : typeof(T) == typeof(DeadlineExceededException) ? new DeadlineExceededException(message)
        : new UnavailableException(message, retryAfter);
}
