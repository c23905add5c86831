using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>How a reaction took a fact that it could not handle before.</summary>
/// <param name="Failure">Why it failed once more; null: it was handled.</param>
[GenerateSerializer, Alias("commerce.retried-fact")]
public sealed record RetriedFact([property: Id(0)] string? Failure);

/// <summary>
/// What reactions of the capabilities that one silo hosts could not handle; its key names the silo, and it is called with a placement hint
/// for that one. Gateways neither react nor change what is parked (decision 33).
/// </summary>
[Alias("commerce.parked-facts"), Version(1)]
public interface IParkedFactsGrain : IGrainWithStringKey
{
    /// <summary>Gives a fact to its reaction once more. Null when no capability of this silo keeps it, or this is not that silo.</summary>
    [Alias("Retry"), ResponseTimeout("00:01:10")]
    Task<RetriedFact?> Retry(string subscription, int partition, long position);

    /// <summary>Gives a fact up for good. False when no capability of this silo keeps it, or this is not that silo.</summary>
    [Alias("GiveUp")]
    Task<bool> GiveUp(string subscription, int partition, long position);
}
