using Commerce.Engine;
using Commerce.Kernel;

namespace Commerce.Grains;

/// <summary>The capabilities that this silo hosts, with their databases. Registered as a singleton in each silo.</summary>
/// <param name="Stores">Each hosted capability's.</param>
public sealed record HostedCapabilities(IReadOnlyList<CapabilityStore> Stores)
{
    /// <summary>All capabilities, wherever they are hosted: a reaction reads facts of others than its own.</summary>
    public IReadOnlyList<Capability> All { get; init; } = [.. Stores.Select(s => s.Capability)];

    /// <summary>The store of a capability, or null when this silo does not host it.</summary>
    public CapabilityStore? Find(string capability) => Stores.FirstOrDefault(s => s.Capability.Name == capability);
}
