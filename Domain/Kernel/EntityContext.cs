namespace Commerce.Kernel;

/// <summary>What an engine gives an entity when it brings it into memory.</summary>
public abstract class EntityContext
{
    public abstract EntityId Id { get; }

    /// <summary>The key half of the name.</summary>
    public string Key => Id.Key;

    public abstract IEntities Entities { get; }

    public abstract TimeProvider Clock { get; }

    /// <summary>Now, UTC, in whole microseconds, the precision of the database: lists and entities must show the same times.</summary>
    public abstract DateTimeOffset Now { get; }

    /// <summary>What has happened to this entity after a version, in order and opened, at most <paramref name="limit"/> facts.</summary>
    public abstract Task<IReadOnlyList<object>> History(long afterVersion, int limit);

    /// <summary>The ports that the host gives its entities, such as a payment provider.</summary>
    public abstract T Port<T>() where T : class;

    /// <summary>The state of this entity. Call it once.</summary>
    public abstract Decider<TState, TFact> Decider<TState, TFact>(EntityDefinition<TState, TFact> definition)
        where TState : class
        where TFact : class;

    /// <summary>The process of this entity, which works on committed states. Call it once.</summary>
    /// <param name="decider">The entity's state.</param>
    /// <param name="next">The next step from a state, or null when there is nothing to do. Pure.</param>
    /// <param name="run">The step's effects. They touch the entity only through the outcome.</param>
    public abstract Process Process<TState, TFact, TStep>(
        Decider<TState, TFact> decider, Func<TState, TStep?> next, Func<TStep, TState, StepContext, Task<StepOutcome<TState, TFact>>> run)
        where TState : class
        where TFact : class
        where TStep : ProcessStep;
}
