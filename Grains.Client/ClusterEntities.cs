using System.Collections.Frozen;
using Commerce.Kernel;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Serialization.Configuration;

namespace Commerce.Grains.Client;

/// <summary>
/// The entities of the cluster. An entity's grain is named by kind and key alone, so that getting one needs no call and works also while no
/// silo hosts that kind: the call then waits for one.
/// </summary>
internal sealed class ClusterEntities : IEntities
{
    private readonly IGrainFactory _grains;
    private readonly Lazy<FrozenDictionary<Type, (GrainType Kind, GrainInterfaceType Interface)>> _byContract;

    public ClusterEntities(
        IGrainFactory grains, IReadOnlyList<Capability> all, IOptions<TypeManifestOptions> manifest, GrainInterfaceTypeResolver names)
    {
        _grains = grains;
        _byContract = new(() => all.SelectMany(c => c.Kinds).ToFrozenDictionary(
            k => k.Contract,
            k => (GrainType.Create(k.Name), names.GetGrainInterfaceType(InterfaceOf(k, manifest.Value.Interfaces)))));
    }

    public TContract Get<TContract>(string key) where TContract : class, IEntity
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _byContract.Value.TryGetValue(typeof(TContract), out var grain)
            ? (TContract)_grains.GetGrain(GrainId.Create(grain.Kind, IdSpan.Create(key)), grain.Interface)
            : throw new InvalidOperationException($"No capability here has entities with the contract {typeof(TContract).Name}.");
    }

    /// <summary>The one grain interface of a kind's contract, among all that the process has loaded.</summary>
    private static Type InterfaceOf(EntityKind kind, IEnumerable<Type> interfaces)
    {
        var found = interfaces.Where(i => i.IsAssignableTo(kind.Contract) && i.IsAssignableTo(typeof(IGrainWithStringKey))).ToArray();
        return found.Length == 1
            ? found[0]
            : throw new InvalidOperationException(
                $"The contract {kind.Contract.Name} needs exactly one grain interface; there are {found.Length}: " +
                $"{string.Join(", ", found.Select(i => i.Name))}. Is the assembly that has it loaded?");
    }
}
