using System.Collections.Frozen;

namespace Commerce.Kernel;

/// <summary>One kind of entity.</summary>
/// <param name="Name">Short and stable, part of every <see cref="EntityId"/>: <c>order</c>.</param>
/// <param name="Contract">Its public interface.</param>
/// <param name="Create">Makes one when the engine brings it into memory.</param>
public sealed record EntityKind(string Name, Type Contract, Func<EntityContext, IEntity> Create)
{
    /// <summary>
    /// The family of each key; null: each entity is its own. Entities of one family, of any capability, lie in the partition of the same
    /// number, and so on one silo of a cluster: calls between them need no network. A database notes when it is made which kinds have
    /// families; a later change counts for new databases only.
    /// </summary>
    public Func<string, string>? Family { get; init; }

    /// <summary>
    /// True: what an entity shows may be taken from a copy, kept in each process until a newer fact is seen (decision 18). For what is read
    /// by many and seldom changes, and where a reader may act on the state of a moment ago.
    /// </summary>
    public bool Replicated { get; init; }

    /// <summary>
    /// How old such a copy becomes at most, where newer facts are not looked for: each process would have to read all of the capability's
    /// facts, which are many, for the few of this kind. Null: a copy goes when a newer fact is seen.
    /// </summary>
    public TimeSpan? ReplicaAge { get; init; }

    /// <summary>
    /// Version of the contract in a cluster of mixed versions. It rises with a change that older callers cannot make or understand; added
    /// optional members are fine as they are.
    /// </summary>
    public int ContractVersion { get; init; } = 1;

    /// <summary>A kind with the contract <typeparamref name="TContract"/>.</summary>
    public static EntityKind Of<TContract>(string name, Func<EntityContext, TContract> create) where TContract : class, IEntity =>
        new(name, typeof(TContract), create);
}

/// <summary>What a subscriber receives with each fact.</summary>
/// <param name="Fact">The decoded fact.</param>
/// <param name="Recorded">Where and when it was recorded.</param>
/// <param name="Entities">The entities to call.</param>
/// <param name="Call">
/// A call whose operation id is made of the subscription and the fact's place, so that a second delivery has no second effect.
/// </param>
public sealed record FactContext(object Fact, RecordedFact Recorded, IEntities Entities, CallContext Call);

/// <summary>
/// What a capability does because of facts, mostly another's: at least once, in order per entity, from a kept checkpoint (E4).
/// </summary>
/// <param name="Name">Stable; names the checkpoint: <c>ledger-from-orders</c>.</param>
/// <param name="Source">The capability whose facts are followed.</param>
/// <param name="FactTypes">The facts of interest.</param>
/// <param name="React">
/// What to do. It throws only when the machinery fails; a refusal by the called entity that means "known already" or "no longer
/// matters" is the reaction's own to judge.
/// </param>
public sealed record Reaction(string Name, string Source, IReadOnlyList<Type> FactTypes, Func<FactContext, Task> React);

/// <summary>A business area: its entities, the names of its facts, and its reactions to others.</summary>
/// <param name="Name">As its folders are named: <c>Orders</c>. Its database is the lower-case form.</param>
/// <param name="Kinds">Its kinds of entity.</param>
/// <param name="Facts">Its fact types.</param>
/// <param name="Reactions">What it does because of facts.</param>
public sealed record Capability(
    string Name,
    IReadOnlyList<EntityKind> Kinds,
    FactCatalog Facts,
    IReadOnlyList<Reaction> Reactions)
{
    /// <summary>The accounts of the ledger on which its facts are booked.</summary>
    public IReadOnlyList<Account> Accounts { get; init; } = [];

    private readonly FrozenDictionary<string, EntityKind> _kinds = Kinds.ToFrozenDictionary(k => k.Name);

    /// <summary>The kinds that have families, and the family of each of their keys.</summary>
    public FrozenDictionary<string, Func<string, string>> Families { get; } =
        Kinds.Where(k => k.Family is not null).ToFrozenDictionary(k => k.Name, k => k.Family!);

    /// <summary>The kind with that name, or null when it belongs to another capability.</summary>
    public EntityKind? Kind(string name) => _kinds.GetValueOrDefault(name);
}
