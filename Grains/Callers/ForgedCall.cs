namespace Commerce.Grains;

/// <summary>Why a silo refuses a call.</summary>
public enum ForgeryKind
{
    /// <summary>The method is not for clients of the cluster.</summary>
    NotForClients,

    /// <summary>No process says that the call is of this caller.</summary>
    NoSeal,

    /// <summary>What came is no seal, was changed, or would count for longer than seals do.</summary>
    BadSeal,

    /// <summary>
    /// The certificate of the seal is not, or not any more, one of this cluster: of a gateway, or of a silo for a call of the system.
    /// </summary>
    UntrustedMaker,

    /// <summary>The seal has come to its end.</summary>
    ExpiredSeal,

    /// <summary>The seal is of another caller, or of one with other scopes or another reach.</summary>
    OtherCaller,

    /// <summary>A caller names a cause besides itself, which only the system has (decision 31).</summary>
    ForeignCause,
}

/// <summary>A call that a silo has refused.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Caller">The name that it gave; null for one that has none.</param>
/// <param name="Sender">Who has sent it, as Orleans names it.</param>
/// <param name="Method">What was to be called.</param>
/// <param name="Target">Of which grain.</param>
/// <param name="Operation">The operation that it gave.</param>
public sealed record ForgedCall(ForgeryKind Kind, string? Caller, string Sender, string Method, string Target, string? Operation);

/// <summary>Where refused calls are recorded.</summary>
public interface IForgedCalls
{
    /// <summary>Completes when it is recorded, or cannot be. It does not fail.</summary>
    Task Record(ForgedCall call);
}
