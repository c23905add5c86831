using Commerce.Grains;
using Commerce.Payments;
using Commerce.Providers;
using Orleans.Placement;

namespace Commerce.Grains;

/// <summary>The state of this silo's circuit, when this is the silo that was meant.</summary>
[OfCapability("Payments"), PreferLocalPlacement]
[GrainType("circuit")]
internal sealed class CircuitGrain(ILocalSiloDetails silo, ResilientProvider provider) : SiloGrain(silo), ICircuitGrain
{
    public Task<SiloCircuit?> Get()
    {
        if (!IsMeant()) return Task.FromResult<SiloCircuit?>(null);
        var circuit = provider.Circuit;
        return Task.FromResult<SiloCircuit?>(
            new SiloCircuit(circuit.Provider, Here.Name, circuit.Status.ToString(), circuit.Since, circuit.Until));
    }
}
