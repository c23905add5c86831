using Commerce.Kernel;

namespace Commerce.Engine;

/// <summary>The state of an entity, as its host sees it.</summary>
internal interface IEntityState
{
    /// <summary>Does what is due now, if anything is.</summary>
    Task WhenDue();

    /// <summary>The next look at the state reads the journal.</summary>
    void Doubt();
}

/// <summary>The process of an entity, as its host sees it.</summary>
internal interface IEntityProcess
{
    /// <summary>The work that goes on between calls; completed when there is none. Never faults.</summary>
    Task Work { get; }

    /// <summary>Goes on, if there is something to do.</summary>
    void Proceed();

    /// <summary>Finishes the step under way and starts no other.</summary>
    Task Stop();
}

/// <summary>
/// One entity in memory, and what it has to do with its engine. Calls to <see cref="Entity"/>, <see cref="Wake"/> and
/// <see cref="Stop"/> are turns of the entity: never two at the same instant.
/// </summary>
public sealed class HostedEntity : EntityContext
{
    private readonly EngineOptions _options;
    private readonly IServiceProvider _ports;
    private IEntityState? _state;
    private IEntityProcess? _process;

    /// <summary>Brings an entity into memory.</summary>
    /// <param name="store">The database of its capability.</param>
    /// <param name="entities">The other entities.</param>
    /// <param name="ports">What the host gives its entities.</param>
    /// <param name="options">How the engine runs.</param>
    /// <param name="wakeAtChanged">
    /// Called after a commit that has set another alarm, so that this process need not wait for the poll.
    /// </param>
    public HostedEntity(
        EntityId id, EntityKind kind, CapabilityStore store, IEntities entities, IServiceProvider ports, EngineOptions options,
        Action<EntityId, DateTimeOffset?> wakeAtChanged)
    {
        (Id, Store, Entities, _ports, _options, WakeAtChanged) = (id, store, entities, ports, options, wakeAtChanged);
        Entity = kind.Create(this);
    }

    /// <summary>What the calls of the contract go to.</summary>
    public IEntity Entity { get; }

    /// <summary>The work of its process that goes on between calls; completed when there is none. Never faults.</summary>
    public Task ProcessWork => _process?.Work ?? Task.CompletedTask;

    public override EntityId Id { get; }

    public override IEntities Entities { get; }

    public override TimeProvider Clock => _options.Clock;

    public override DateTimeOffset Now => TimestampPrecision.Down(_options.Clock.GetUtcNow());

    internal CapabilityStore Store { get; }

    internal Action<EntityId, DateTimeOffset?> WakeAtChanged { get; }

    internal Random Random => _options.Random;

    /// <summary>The alarm that it has set rings, perhaps a second time (E5).</summary>
    public async Task Wake()
    {
        if (_state is null) return;
        _process?.Proceed();
        await _state.WhenDue();
    }

    /// <summary>Another process may be writing by now: the next call looks at the journal before it trusts memory (decision 12).</summary>
    public void Doubt() => _state?.Doubt();

    /// <summary>No more calls come: finishes the step under way and starts no other (E7).</summary>
    public Task Stop() => _process?.Stop() ?? Task.CompletedTask;

    public override async Task<IReadOnlyList<object>> History(long afterVersion, int limit) =>
    [
        .. (await Store.Log.History(Id, afterVersion, limit, CancellationToken.None))
            .Select(f => Store.Personal.Decode(Store.Capability.Facts, f)),
    ];

    public override T Port<T>() => _ports.GetService(typeof(T)) as T
        ?? throw new InvalidOperationException($"{Id} needs an {typeof(T).Name}; the host has registered none.");

    public override Decider<TState, TFact> Decider<TState, TFact>(EntityDefinition<TState, TFact> definition)
    {
        if (_state is not null) throw new InvalidOperationException($"{Id} has its state already; an entity has one.");
        var decider = new JournaledDecider<TState, TFact>(definition, this);
        _state = decider;
        return decider;
    }

    public override Process Process<TState, TFact, TStep>(
        Decider<TState, TFact> decider, Func<TState, TStep?> next, Func<TStep, TState, StepContext, Task<StepOutcome<TState, TFact>>> run)
        where TStep : class
    {
        if (_process is not null) throw new InvalidOperationException($"{Id} has its process already; an entity has one.");
        var runner = new StepRunner<TState, TFact, TStep>((JournaledDecider<TState, TFact>)decider, next, run, this);
        _process = runner;
        return runner;
    }

    internal void Report(Exception problem) => _options.Report(Id, problem);
}
