namespace Commerce.Journal;

/// <summary>What the verification of a capability's journal has looked at, and what is wrong with it.</summary>
/// <param name="Facts">How many there are.</param>
/// <param name="Last">The last seal; null: there is none.</param>
/// <param name="Unsealed">Facts that came after the last seals.</param>
/// <param name="Faults">In the order in which they were found; none: all is as it was sealed.</param>
public sealed record VerifiedJournal(string Capability, long Facts, SealMark? Last, long Unsealed, IReadOnlyList<JournalFault> Faults);

/// <summary>A seal by its number and its digest. Kept elsewhere, as in a log, it proves that all seals up to it are still there.</summary>
public sealed record SealMark(long Number, string Digest)
{
    internal static SealMark Of(Seal seal, string capability) => new(seal.Number, Convert.ToHexStringLower(seal.Digest(capability)));
}

/// <summary>A place at which a journal is not as it was.</summary>
/// <param name="Where">The place, for a person.</param>
public sealed record JournalFault(FaultKind Kind, string Where);

/// <summary>What has become of a part of the record.</summary>
public enum FaultKind
{
    /// <summary>A fact, or what is kept beside it, is not as it was sealed.</summary>
    Changed,

    /// <summary>A fact is not there any more.</summary>
    Missing,

    /// <summary>A fact is there that was not committed in its turn.</summary>
    Added,

    /// <summary>A seal is not there any more.</summary>
    SealMissing,

    /// <summary>A seal is not as it was made, or was made with another key.</summary>
    SealForged,

    /// <summary>Facts have gone without a seal for long: nothing seals, or the last seals were taken away.</summary>
    NotSealed,
}
