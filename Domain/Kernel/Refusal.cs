using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>What kind of "no" a <see cref="Refusal"/> is; it decides the HTTP status, in one place.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RefusalKind>))]
public enum RefusalKind
{
    /// <summary>The command itself breaks a rule of the business, whatever the state (422).</summary>
    Invalid,

    /// <summary>The entity's state does not allow it now (409).</summary>
    Conflict,

    /// <summary>There is no such entity (404).</summary>
    NotFound,

    /// <summary>The entity has changed since the caller looked (412).</summary>
    Stale,

    /// <summary>This caller may not (403).</summary>
    Forbidden,

    /// <summary>Its personal data was erased; nothing is done with it any more (410).</summary>
    Gone,

    /// <summary>This caller asks too often; the same operation may come again later (429).</summary>
    TooOften,
}

/// <summary>
/// A named "no" that is part of the business, as a value. Bugs and broken machinery are exceptions, never refusals.
/// </summary>
/// <param name="Code">Stable, snake_case, for programs: <c>out_of_stock</c>.</param>
/// <param name="Kind">What kind of no.</param>
/// <param name="Detail">What was wrong, with which value, for a person.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Field">JSON pointer (RFC 6901) into the command, where one field is at fault: <c>/lines/3/quantity</c>.</param>
/// <param name="Values">Further values that a program may want.</param>
public sealed record Refusal(
    string Code,
    RefusalKind Kind,
    [Personal(Purpose.Contact)] string Detail,
    string Remedy,
    string? Field = null,
    RefusalValues? Values = null)
{
    /// <summary>
    /// True when the same operation is decided anew when it comes again; otherwise it gets this refusal again (decision 4). So an operation
    /// that was accepted, and whose answer was lost, may meet this refusal when it is repeated and the state has changed since.
    /// For the engine that keeps the answer; neither this nor <see cref="Final"/> is part of what callers get.
    /// </summary>
    [JsonIgnore]
    public bool Retryable { get; init; }

    /// <summary>
    /// True when it is kept even where the entity does not exist: the operation, which may yet be on its way, never has an effect.
    /// </summary>
    [JsonIgnore]
    public bool Final { get; init; }
}

/// <summary>What a program may want to know of a refusal, beside its code; null where it does not apply.</summary>
/// <param name="State">The state that is in the way.</param>
/// <param name="Allowed">What that state allows.</param>
/// <param name="Available">How much there was of what was wanted: units, or minor units of money.</param>
/// <param name="OnHand">Units on the shelf.</param>
/// <param name="AmountDue">Minor units that have to be authorized first.</param>
/// <param name="Version">The present version.</param>
/// <param name="Scope">The scope that the caller lacks.</param>
public sealed record RefusalValues(
    string? State = null,
    IReadOnlyList<string>? Allowed = null,
    long? Available = null,
    long? OnHand = null,
    long? AmountDue = null,
    long? Version = null,
    string? Scope = null);
