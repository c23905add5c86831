using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>A fact as the journal keeps it: the name and version of its shape, and its JSON.</summary>
/// <param name="Type"><c>NAME/VERSION</c>, as the <see cref="FactCatalog"/> knows it: <c>order-placed/1</c>.</param>
/// <param name="Json">The fact's members; the personal ones are sealed.</param>
/// <param name="Keys">What opens these, wrapped; null: nothing of it is personal, or all of that was erased.</param>
public readonly record struct EncodedFact(string Type, string Json, string? Keys = null);

/// <summary>A committed fact with all that is known about it.</summary>
/// <param name="Partition">The journal partition that its entity belongs to.</param>
/// <param name="Position">Gapless within the partition, in commit order, from 1 (J2).</param>
/// <param name="Entity">Whose fact.</param>
/// <param name="Version">The entity's version that this fact made: its first fact is 1.</param>
/// <param name="Fact">What happened.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="OperationId">The intent that caused it.</param>
/// <param name="Caller">Whose intent.</param>
/// <param name="TraceParent">W3C trace context of the call, if any.</param>
/// <param name="Cause">The caller that the intent followed from by itself; null: there is none but its own.</param>
public sealed record RecordedFact(
    int Partition,
    long Position,
    EntityId Entity,
    long Version,
    EncodedFact Fact,
    DateTimeOffset At,
    string OperationId,
    string Caller,
    string? TraceParent,
    string? Cause = null)
{
    /// <summary>Who is the cause of what follows from it by itself.</summary>
    [JsonIgnore]
    public string Origin => Cause ?? Caller;
}
