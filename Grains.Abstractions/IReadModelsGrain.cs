using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>A read model that was made again from the journal.</summary>
/// <param name="Facts">How many facts were looked at.</param>
[GenerateSerializer, Alias("commerce.rebuilt-model")]
public sealed record RebuiltModel([property: Id(0)] string Name, [property: Id(1)] int Version, [property: Id(2)] long Facts);

/// <summary>
/// The read models of the capabilities that one silo hosts; its key names the silo, and it is called with a placement hint for that one.
/// Gateways only read what silos have made (decision 21).
/// </summary>
[Alias("commerce.read-models"), Version(1)]
public interface IReadModelsGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes one again, which may take long. Null when this is not that silo, because it is gone, or when it does not host the capability.
    /// </summary>
    [Alias("Rebuild"), ResponseTimeout("1.00:00:00")]
    Task<RebuiltModel?> Rebuild(string capability, string model, CancellationToken cancel);
}
