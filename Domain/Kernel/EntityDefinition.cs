namespace Commerce.Kernel;

/// <summary>What an entity is, apart from its commands: how its state comes from its facts. Pure.</summary>
/// <param name="Shape">
/// Name and version of the state's shape, such as <c>order/1</c>. Snapshots are kept under it; a new version makes old ones unused.
/// </param>
/// <param name="Initial">The state of an entity that nothing has happened to.</param>
/// <param name="Evolve">The next state. It never fails for a fact that was once decided.</param>
public sealed record EntityDefinition<TState, TFact>(string Shape, TState Initial, Func<TState, TFact, TState> Evolve)
    where TState : class
    where TFact : class
{
    /// <summary>
    /// Maximum age of a state in memory that the journal has not confirmed (decision 12). Commands that record facts notice another
    /// activation's write at once; a read notices it after this time at the latest.
    /// </summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whom an entity with this key and state belongs to. A command of a caller that does not reach it is refused as if there were no such
    /// entity (decision 25). Null: it has no owner, and the scope of the operation alone decides.
    /// </summary>
    public Func<string, TState, Owner>? OwnerOf { get; init; }

    /// <summary>The rule for what happens when its time comes; null: nothing ever does.</summary>
    public DueRule<TState, TFact>? WhenDue { get; init; }

    /// <summary>The values that only one entity of the capability may have; null: there are none.</summary>
    public UniquenessRule<TState>? Unique { get; init; }
}

/// <summary>Something that happens by itself when a time has come, such as an expiry.</summary>
/// <param name="At">The time, seen from now; null: nothing is due.</param>
/// <param name="Decide">What happens then. Called again it decides nothing.</param>
public sealed record DueRule<TState, TFact>(
    Func<TState, DateTimeOffset, DateTimeOffset?> At, Func<TState, DateTimeOffset, Decision<TFact>> Decide)
    where TFact : class;

/// <summary>Values that at most one entity of the capability may have at a time, such as an e-mail address (decision 2).</summary>
/// <param name="Values">The values of a state.</param>
/// <param name="Taken">The refusal for a value that another entity has.</param>
public sealed record UniquenessRule<TState>(Func<TState, IEnumerable<UniqueValue>> Values, Func<UniqueValue, EntityId, Refusal> Taken);

/// <summary>A value that at most one entity of the capability may have at a time.</summary>
/// <param name="Scope">What kind of value: <c>email</c>.</param>
/// <param name="Value">The value in its compared form (for example lower case).</param>
public readonly record struct UniqueValue(string Scope, string Value);
