using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>Where the circuit breaker of one silo in front of the payment provider stands.</summary>
/// <param name="Silo">On which silo, by its name.</param>
/// <param name="Status">As <c>CircuitStatus</c> names it.</param>
/// <param name="Until">When an open circuit lets a request try; null otherwise.</param>
[GenerateSerializer, Alias("commerce.silo-circuit")]
public sealed record SiloCircuit(
    [property: Id(0)] string Provider,
    [property: Id(1)] string Silo,
    [property: Id(2)] string Status,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] DateTimeOffset? Until);

/// <summary>Reports on the silo that its key names; it is called with a placement hint for that silo.</summary>
[Alias("commerce.circuit"), Version(1)]
public interface ICircuitGrain : IGrainWithStringKey
{
    /// <summary>The circuit of that silo; null when this is not that silo, because it is gone or hosts no payments.</summary>
    [Alias("Get")]
    Task<SiloCircuit?> Get();
}
