using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Commerce.Kernel;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.GeneratedCodeHelpers;
using Orleans.Serialization.WireProtocol;

namespace Commerce.Grains.Client;

/// <summary>
/// Writes and reads a <typeparamref name="T"/> as JSON, preceded by its length. The type is named only where it is not expected.
/// </summary>
internal sealed class JsonCodec<T> : IFieldCodec<T>
{
    private static readonly JsonTypeInfo<T> Info = Shape();

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, T? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (typeof(T).IsValueType) ReferenceCodec.MarkValueField(writer.Session);
        else if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, typeof(T), value)) return;
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(T), WireType.LengthPrefixed);
        var scratch = ThreadLocalJsonBuffer.Mine;
        JsonSerializer.Serialize(scratch.Json, value!, Info);
        var written = scratch.Written();
        writer.WriteVarUInt32((uint)written.Length);
        writer.Write(written);
        scratch.Clear();
    }

    public T ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.IsReference) return ReferenceCodec.ReadReference<T, TInput>(ref reader, field)!;
        if (field.FieldType is { } other && other != typeof(T) && !typeof(T).IsValueType)
            return (T)(object)reader.DeserializeUnexpectedType<TInput, object>(ref field);
        field.EnsureWireType(WireType.LengthPrefixed);
        var length = reader.ReadVarUInt32();
        if (length > MessageSizes.Record)
            throw new SerializerException($"A {typeof(T).Name} of {length} bytes is refused: {MessageSizes.Record} are the most.");
        var value = Read(ref reader, (int)length);
        if (typeof(T).IsValueType) ReferenceCodec.MarkValueField(reader.Session);
        else ReferenceCodec.RecordObject(reader.Session, value!);
        return value;
    }

    private static T Read<TInput>(ref Reader<TInput> reader, int length)
    {
        if (reader.TryReadBytes(length, out var whole)) return JsonSerializer.Deserialize(whole, Info)!;
        var pieces = ArrayPool<byte>.Shared.Rent(length); // it arrived in several buffers
        try
        {
            var bytes = pieces.AsSpan(0, length);
            reader.ReadBytes(bytes);
            return JsonSerializer.Deserialize(bytes, Info)!;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pieces);
        }
    }

    private static JsonTypeInfo<T> Shape()
    {
        FactCatalog.Json.MakeReadOnly(populateMissingResolver: true);
        return (JsonTypeInfo<T>)FactCatalog.Json.GetTypeInfo(typeof(T));
    }
}
