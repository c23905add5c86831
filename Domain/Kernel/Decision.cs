namespace Commerce.Kernel;

/// <summary>What an entity's rules make of a command: facts to record, or a refusal. No facts and no refusal: it is so already.</summary>
public readonly struct Decision<TFact> where TFact : class
{
    private Decision(IReadOnlyList<TFact> facts, Refusal? refusal) => (Facts, Refusal) = (facts, refusal);

    /// <summary>The state is already as the command wants it (a recognised retry): accepted, nothing to record.</summary>
    public static Decision<TFact> Nothing => new([], null);

    /// <summary>What to record, in order; empty when refused.</summary>
    public IReadOnlyList<TFact> Facts { get; }

    /// <summary>Why not, or null.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Several facts that become true together.</summary>
    public static Decision<TFact> Of(params IReadOnlyList<TFact> facts) => new(facts, null);

    public static implicit operator Decision<TFact>(TFact fact) => new([fact], null);

    public static implicit operator Decision<TFact>(Refusal refusal) => new([], refusal);
}
