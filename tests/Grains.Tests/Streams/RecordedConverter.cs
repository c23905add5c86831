using Commerce.Kernel;

namespace Commerce.Grains.Tests;

/// <summary>What a fact is between the silos of these tests, which run without the codec of the product's messages.</summary>
[GenerateSerializer]
public struct RecordedSurrogate
{
    [Id(0)] public string Json;
}

[RegisterConverter]
public sealed class RecordedConverter : IConverter<Recorded, RecordedSurrogate>
{
    public Recorded ConvertFromSurrogate(in RecordedSurrogate surrogate) =>
        System.Text.Json.JsonSerializer.Deserialize<Recorded>(surrogate.Json, FactCatalog.Json)!;

    public RecordedSurrogate ConvertToSurrogate(in Recorded value) =>
        new() { Json = System.Text.Json.JsonSerializer.Serialize(value, FactCatalog.Json) };
}
