namespace Commerce.Kernel;

/// <summary>Marks a contract: the public interface of an entity. Its methods take one command record and a <see cref="CallContext"/>.</summary>
public interface IEntity;

/// <summary>
/// This method may run while another call of the same entity waits for something; it sees committed state only and changes nothing.
/// Without it, calls of one entity run one at a time, each to its end.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InterleavedAttribute : Attribute;

/// <summary>
/// Calls of this entity may overlap while they wait for the journal, so that many decisions share a commit. Decisions are still made
/// one after the other. For entities that everyone wants at once, such as the stock of a popular SKU.
/// </summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class PipelinedAttribute : Attribute;

/// <summary>Gives an entity by its key, wherever it lives. An entity exists once it has a fact; getting it creates nothing.</summary>
public interface IEntities
{
    /// <summary>The entity with that contract and key.</summary>
    TContract Get<TContract>(string key) where TContract : class, IEntity;
}

/// <summary>What an engine does with the entity it hosts. Calls to these methods are turns of the entity like any other.</summary>
public interface IHostedEntity
{
    /// <summary>Work of a process that goes on between calls; completed when there is none. Never faults.</summary>
    Task Background { get; }

    /// <summary>The wake-up time that was set has come, perhaps a second time (E5).</summary>
    Task Wake();

    /// <summary>No more calls will come: finish the step under way and start no other (E7).</summary>
    Task Stop();
}

/// <summary>What an engine gives an entity.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Facts">Its capability's fact types.</param>
/// <param name="Journal">Its capability's journal.</param>
/// <param name="Entities">The other entities.</param>
/// <param name="Clock">The only clock there is.</param>
/// <param name="Random">For jitter; a simulation seeds it.</param>
/// <param name="WakeAtChanged">Told after a commit that set another wake-up time, so that no polling is needed in this process.</param>
/// <param name="Report">Told of failures that no caller sees; for the log.</param>
public sealed record EntityContext(
    EntityId Id,
    EntityKind Kind,
    FactCatalog Facts,
    IJournal Journal,
    IEntities Entities,
    TimeProvider Clock,
    Random Random,
    Action<EntityId, DateTimeOffset?> WakeAtChanged,
    Action<EntityId, Exception> Report);
