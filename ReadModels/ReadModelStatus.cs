namespace Commerce.ReadModels;

/// <summary>What a read model is doing.</summary>
public enum ReadModelState
{
    /// <summary>Its tables are complete up to the lag.</summary>
    Following,

    /// <summary>It has no complete tables yet: queries fail and say so.</summary>
    Building,

    /// <summary>Complete tables serve while new ones are being built aside.</summary>
    Rebuilding,
}

/// <summary>How a read model is doing.</summary>
/// <param name="Name">Its name in the capability.</param>
/// <param name="Version">The version of its tables.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Lag">Committed facts that have not been looked at yet.</param>
/// <param name="Problem">What stopped the last attempt to go on; null when it went well. It is tried again.</param>
public sealed record ReadModelStatus(
    string Capability, string Name, int Version, ReadModelState State, long Lag, string? Problem);

/// <summary>A read model that was made again from the journal.</summary>
/// <param name="Capability">Whose facts it shows.</param>
/// <param name="Name">Its name in the capability.</param>
/// <param name="Version">The version of its tables.</param>
/// <param name="Facts">How many facts were looked at for it.</param>
public sealed record RebuiltReadModel(string Capability, string Name, int Version, long Facts);

/// <summary>How far a rebuild has come.</summary>
/// <param name="Done">Facts looked at.</param>
/// <param name="Total">Facts in the journal.</param>
public sealed record RebuildProgress(string Model, long Done, long Total);
