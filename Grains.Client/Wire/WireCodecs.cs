using System.Collections.Concurrent;
using Commerce.Kernel;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;

namespace Commerce.Grains.Client;

/// <summary>
/// Tells Orleans how our types travel: as the JSON that facts and answers are kept in, so that there is one encoding, and it tolerates
/// added and unknown members between silos of different versions. Within a silo nothing is copied: what is immutable may be shared.
/// </summary>
internal sealed class WireCodecs(WireTypes types) : ISpecializableCodec, ISpecializableCopier, ITypeFilter
{
    private readonly ConcurrentDictionary<Type, IFieldCodec> _codecs = new();
    private readonly ConcurrentDictionary<Type, IDeepCopier> _copiers = new();

    /// <inheritdoc/>
    public IFieldCodec GetSpecializedCodec(Type type) => _codecs.GetOrAdd(type, static type => (IFieldCodec)Activator.CreateInstance(
        (WireTypes.IsFailure(type) ? typeof(FailureCodec<>) : typeof(JsonCodec<>)).MakeGenericType(type))!);

    /// <inheritdoc/>
    public IDeepCopier GetSpecializedCopier(Type type) => _copiers.GetOrAdd(
        type, static type => (IDeepCopier)Activator.CreateInstance(typeof(ShallowCopier<>).MakeGenericType(type))!);

    /// <inheritdoc/>
    public bool? IsTypeAllowed(Type type) => types.Includes(type) || types.IsOurs(type) ? true : null;

    bool ISpecializableCodec.IsSupportedType(Type type) => types.Includes(type);

    bool ISpecializableCopier.IsSupportedType(Type type) => types.Includes(type);
}
