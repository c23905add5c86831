using System.Collections.Concurrent;
using Commerce.Kernel;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;

namespace Commerce.Grains.Client;

/// <summary>
/// How our types are serialized for Orleans: as the JSON of facts and answers. So there is one encoding, and it tolerates added and unknown
/// members between silos of different versions. Within a silo nothing is copied: immutable objects may be shared.
/// </summary>
internal sealed class WireCodecs(WireTypes types) : ISpecializableCodec, ISpecializableCopier, ITypeFilter
{
    private readonly ConcurrentDictionary<Type, IFieldCodec> _codecs = new();
    private readonly ConcurrentDictionary<Type, IDeepCopier> _copiers = new();

    public IFieldCodec GetSpecializedCodec(Type type) => _codecs.GetOrAdd(type, static type => (IFieldCodec)Activator.CreateInstance(
        (WireTypes.IsFailure(type) ? typeof(FailureCodec<>) : typeof(JsonCodec<>)).MakeGenericType(type))!);

    public IDeepCopier GetSpecializedCopier(Type type) => _copiers.GetOrAdd(
        type, static type => (IDeepCopier)Activator.CreateInstance(typeof(ShallowCopier<>).MakeGenericType(type))!);

    public bool? IsTypeAllowed(Type type) => types.Includes(type) || types.IsOurs(type) ? true : null;

    bool ISpecializableCodec.IsSupportedType(Type type) => types.Includes(type);

    bool ISpecializableCopier.IsSupportedType(Type type) => types.Includes(type);
}
