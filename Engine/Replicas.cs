using System.Collections.Frozen;
using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>The replicas of a process: one for each hosted capability that has a replicated kind.</summary>
public sealed class Replicas
{
    private readonly FrozenDictionary<Type, (EntityKind Kind, Replica Replica)> _byContract;

    /// <param name="stores">The hosted capabilities.</param>
    /// <param name="options">How old a copy may be, and where failures are reported.</param>
    public Replicas(IReadOnlyList<CapabilityStore> stores, EngineOptions options) => _byContract = stores
        .Where(s => s.Capability.Kinds.Any(k => k.Replicated))
        .Select(s => (s.Capability.Kinds, Replica: new Replica(s, options)))
        .SelectMany(s => s.Kinds.Where(k => k.Replicated).Select(k => (Kind: k, s.Replica)))
        .ToFrozenDictionary(k => k.Kind.Contract);

    /// <summary>Follows what is kept until cancelled; each of these is to be started.</summary>
    public IEnumerable<Func<CancellationToken, Task>> Followers =>
        _byContract.Values.Where(k => k.Kind.ReplicaAge is null).Select(k => k.Replica).Distinct()
            .Select(r => (Func<CancellationToken, Task>)r.Follow);

    /// <inheritdoc cref="IEntities.Replica"/>
    /// <param name="entities">Where the entity is asked when there is no copy.</param>
    public Task<TView?> Get<TContract, TView>(IEntities entities, string key, Func<TContract, Task<TView?>> ask)
        where TContract : class, IEntity
        where TView : class, IVersioned =>
        _byContract.TryGetValue(typeof(TContract), out var kept)
            ? kept.Replica.Get(new EntityId(kept.Kind.Name, key), kept.Kind.ReplicaAge, () => ask(entities.Get<TContract>(key)))
            : ask(entities.Get<TContract>(key));
}
