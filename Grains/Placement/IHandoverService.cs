using Orleans.Services;

namespace Commerce.Grains;

/// <summary>What one silo asks another when entities may have come to belong elsewhere (decision 17).</summary>
[Alias("handover")]
internal interface IHandoverService : IGrainService
{
    /// <summary>How far the silo has got, which looks at the membership first.</summary>
    /// <param name="version">The version of the membership that the asking silo knows.</param>
    [Alias("learn")]
    Task<Handover> Learn(MembershipVersion version);
}

/// <summary>How far a silo has got in giving away entities that belong elsewhere.</summary>
internal enum Handover
{
    /// <summary>It does not know the cluster as it is, and may answer reads from memory that others have written over.</summary>
    Unaware,

    /// <summary>
    /// It knows, and reads the journal for those of them that it still has, or for all until it knows what each silo has.
    /// </summary>
    Aware,

    /// <summary>It knows, and has none of them any more.</summary>
    Done,
}
