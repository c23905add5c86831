using System.Text.Json;
using Orleans.Storage;

namespace Commerce.Naive;

/// <summary>States as JSON, as the provider keeps them unless told otherwise, but by the faster of the two serializers.</summary>
internal sealed class StateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span)!;
}
