using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>
/// The context of every command to an entity, in either engine: the caller, the operation id, the deadline and the trace.
/// </summary>
/// <param name="OperationId">The same id again has no second effect on the same entity and gives the same answer.</param>
/// <param name="Caller">The caller, with scopes and reach.</param>
/// <param name="Deadline">After this instant the call is not started.</param>
/// <param name="Fingerprint">
/// A digest of the command's content; an operation id reused with another one is refused. Null: not compared.
/// </param>
/// <param name="IfVersions">
/// The entity's versions (ETags) that the caller is content with; any other version refuses the command. Null: any.
/// </param>
/// <param name="TraceParent">W3C Trace Context <c>traceparent</c> of the caller's span.</param>
/// <param name="WaitUntil">
/// The caller wants to know what becomes of it, and waits for that in this call, at most until then. Null: it is answered as soon as it is
/// durable. Only for commands that say so.
/// </param>
/// <param name="RepeatOnly">
/// The caller has had its share of the moment (decision 30): an operation that was done or refused before gets its answer, and any other
/// is refused, of which nothing is kept.
/// </param>
/// <param name="Cause">
/// The caller of the call that this one followed from by itself (decision 31); null when the caller itself is the cause, or time is.
/// </param>
public sealed record CallContext(
    string OperationId,
    Caller Caller,
    DateTimeOffset Deadline,
    string? Fingerprint = null,
    IReadOnlyList<long>? IfVersions = null,
    string? TraceParent = null,
    DateTimeOffset? WaitUntil = null,
    bool RepeatOnly = false,
    string? Cause = null)
{
    /// <summary>Who is the cause of what follows from this call by itself.</summary>
    [JsonIgnore]
    public string Origin => Cause ?? Caller.Name;

    /// <summary>The system's own call: a step, an alarm or a reaction, which hands on the origin of what it follows from.</summary>
    /// <param name="operationId">The same each time that it is tried.</param>
    /// <param name="origin">Null, or the system itself: nothing but time is the cause.</param>
    /// <param name="deadline">After this instant the call is not started.</param>
    /// <param name="trace">W3C trace context of what it follows from.</param>
    public static CallContext Following(string operationId, string? origin, DateTimeOffset deadline, string? trace = null) => new(
        operationId, Caller.System, deadline, TraceParent: trace, Cause: origin == Caller.System.Name ? null : origin);

    /// <summary>The same caller, deadline and trace, for a further intent that follows from this one.</summary>
    public CallContext For(string operationId) =>
        this with { OperationId = operationId, Fingerprint = null, IfVersions = null, WaitUntil = null };
}
