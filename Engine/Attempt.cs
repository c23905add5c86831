namespace Commerce.Engine;

/// <summary>What is known of the entity when a command is decided.</summary>
internal enum Basis
{
    /// <summary>Nothing. The command usually creates the entity, so it is assumed not to exist.</summary>
    Assumed,

    /// <summary>The state in memory. The journal has not confirmed it lately: a second activation may have written since.</summary>
    Remembered,

    /// <summary>The state in memory, which the journal has confirmed lately.</summary>
    Confirmed,

    /// <summary>The state, read from the journal for this very command.</summary>
    Read,
}

/// <summary>What kind of decision the rules made, as far as the journal is concerned.</summary>
internal enum DecisionKind
{
    /// <summary>There are facts to record.</summary>
    Facts,

    /// <summary>Accepted, and nothing changes.</summary>
    NoChange,

    /// <summary>Refused for good: the same operation is refused again, even when the state would allow it by then.</summary>
    Refused,

    /// <summary>Refused for good, also where the entity does not exist: the operation may yet be on its way.</summary>
    RefusedFinally,

    /// <summary>Refused for now: the same operation is decided anew when it comes again.</summary>
    RefusedForNow,
}

/// <summary>What is done with a decision.</summary>
internal enum Course
{
    /// <summary>Append it: facts, if there are any, and the answer. The append fails if the state was not the latest.</summary>
    Append,

    /// <summary>Answer at once; nothing is kept.</summary>
    Answer,

    /// <summary>Read the journal and decide again: no append would show whether the state is the latest.</summary>
    ReadFirst,
}

/// <summary>
/// The table by which a command is carried out. An append checks the version that the decision was made on. A decision that appends nothing
/// has no such check, and is only as good as its state (decision 12).
/// </summary>
internal static class Attempt
{
    /// <summary>What is done with a decision.</summary>
    /// <param name="basis">What it was decided on.</param>
    /// <param name="exists">True when the entity has a fact, as far as that basis shows.</param>
    /// <param name="kind">What was decided.</param>
    /// <param name="keepsNoChange">
    /// True when the answer is kept also where nothing changes, so that a repeated operation gets its first answer (decision 4).
    /// </param>
    public static Course CourseOf(Basis basis, bool exists, DecisionKind kind, bool keepsNoChange) => (basis, kind) switch
    {
        (_, DecisionKind.Facts) => Course.Append,
        (Basis.Assumed, _) => Course.ReadFirst,
        (_, DecisionKind.NoChange) when keepsNoChange => Course.Append,
        (_, DecisionKind.Refused) when keepsNoChange && exists => Course.Append,
        (_, DecisionKind.RefusedFinally) when keepsNoChange => Course.Append,
        (Basis.Read, _) => Course.Answer,
        (Basis.Confirmed, _) when exists => Course.Answer,
        _ => Course.ReadFirst,
    };
}
