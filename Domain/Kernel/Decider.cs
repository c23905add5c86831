namespace Commerce.Kernel;

/// <summary>
/// The state of one entity and the way to change it. A command decides facts on the state; they are appended to the journal, and only then
/// is the command answered. Calls of one entity that overlap are decided one after the other.
/// </summary>
public abstract class Decider<TState, TFact>
    where TState : class
    where TFact : class
{
    /// <summary>
    /// Decides and commits. The same operation id gets its first answer again. A refusal is kept as an answer too (decision 4), unless
    /// it is <see cref="Refusal.Retryable"/> or the entity does not exist.
    /// </summary>
    /// <param name="call">The caller and the operation id.</param>
    /// <param name="decide">The rule. Pure: it runs again when another writer was faster.</param>
    /// <param name="answer">What to say about the state after the facts, at its version.</param>
    /// <param name="makes">
    /// True when the command makes the entity: one that is there already is refused as such, whomever it belongs to.
    /// </param>
    public abstract Task<Result<T>> Decide<T>(
        CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer, bool makes = false);

    /// <summary>
    /// The same, for commands that usually create the entity: the journal is not read first. The append shows whether the entity exists; if
    /// it does, the command is decided again on its state.
    /// </summary>
    public abstract Task<Result<T>> Create<T>(CallContext call, Func<TState, Decision<TFact>> decide, Func<TState, long, T> answer);

    /// <summary>The committed state and its version; version 0: there is no such entity.</summary>
    public abstract ValueTask<(TState State, long Version)> Read();

    /// <summary>
    /// The same, read from the journal for this call: memory may be behind where a second activation has written (decision 12).
    /// </summary>
    public abstract ValueTask<(TState State, long Version)> ReadLatest();

    /// <summary>The committed state once <paramref name="condition"/> holds, or as it is at <paramref name="deadline"/>.</summary>
    public abstract Task<TState> When(Func<TState, bool> condition, DateTimeOffset deadline);

    /// <summary>
    /// For a command that waits for what comes of it: the entity once <paramref name="condition"/> holds, or as it is at
    /// <paramref name="deadline"/>; null when that cannot be known, because the journal is away. The command was accepted all the same.
    /// </summary>
    public abstract Task<T?> Outcome<T>(Func<TState, bool> condition, DateTimeOffset deadline, Func<TState, long, T> view) where T : class;

    /// <summary>The entity as others see it, or null when there is none.</summary>
    public async Task<T?> Read<T>(Func<TState, long, T> view) where T : class
    {
        var (state, version) = await Read();
        return version == 0 ? null : view(state, version);
    }
}
