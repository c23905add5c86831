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
/// Calls of this entity may overlap while they wait for the journal, so that many decisions share a commit (decision 3). Decisions are
/// still made one after the other. For contended entities, such as the stock of a popular SKU.
/// </summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class PipelinedAttribute : Attribute;

/// <summary>Gives an entity by its key, wherever it lives. An entity exists once it has a fact; getting it creates nothing.</summary>
public interface IEntities
{
    /// <summary>The entity with that contract and key.</summary>
    TContract Get<TContract>(string key) where TContract : class, IEntity;
}
