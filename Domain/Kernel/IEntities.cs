namespace Commerce.Kernel;

/// <summary>
/// Marks a contract: the public interface of an entity. Its methods take one command record and a <see cref="CallContext"/>.
/// </summary>
public interface IEntity;

/// <summary>
/// This method may run while another call of the same entity waits for something; it sees committed state only and changes nothing.
/// Without it, calls of one entity run one at a time, each to its end.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InterleavedAttribute : Attribute;

/// <summary>
/// Calls of this entity may overlap while they wait, so that many decisions share a commit (decision 3). Decisions are still made one after
/// the other. For contended entities, such as the stock of a popular SKU, and for those whose commands wait for what comes of them.
/// </summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class PipelinedAttribute : Attribute;

/// <summary>What an entity shows of itself.</summary>
public interface IVersioned
{
    /// <summary>The entity's version that is shown.</summary>
    long Version { get; }
}

/// <summary>Gives an entity by its key, wherever it lives. An entity exists once it has a fact; getting it creates nothing.</summary>
public interface IEntities
{
    /// <summary>The entity with that contract and key.</summary>
    TContract Get<TContract>(string key) where TContract : class, IEntity;

    /// <summary>
    /// What an entity has answered, from a copy in this process when there is one. It may be moments old, and says of which version it is;
    /// null is never from a copy. Only for kinds that are <see cref="EntityKind.Replicated"/>; all others are asked each time.
    /// </summary>
    /// <param name="key">The entity's key.</param>
    /// <param name="ask">The question; always the same one for a contract.</param>
    Task<TView?> Replica<TContract, TView>(string key, Func<TContract, Task<TView?>> ask)
        where TContract : class, IEntity
        where TView : class, IVersioned => ask(Get<TContract>(key));
}
