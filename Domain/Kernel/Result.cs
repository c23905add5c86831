using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Commerce.Kernel;

/// <summary>The outcome of a command: a value, or a refusal. Exactly one of the two is set.</summary>
public sealed record Result<T>
{
    /// <summary>For the serializer; use the implicit conversions.</summary>
    [JsonConstructor]
    public Result(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>What the command achieved; null when refused.</summary>
    public T? Value { get; }

    /// <summary>Why not; null when accepted.</summary>
    public Refusal? Refusal { get; }

    /// <summary>True when there is a value.</summary>
    [JsonIgnore]
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Accepted => Refusal is null;

    /// <summary>True when this is the answer that was given to the first call of the operation, and nothing was done now.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Replayed { get; init; }

    /// <summary>Another value of an accepted answer, for the same call.</summary>
    public Result<T> With(T value) => new(value, null) { Replayed = Replayed };

    /// <summary>True for the same outcome, whether or not one of them is replayed.</summary>
    public bool Equals(Result<T>? other) =>
        other is not null && EqualityComparer<T?>.Default.Equals(Value, other.Value) && Refusal == other.Refusal;

    public override int GetHashCode() => HashCode.Combine(Value, Refusal);

    /// <summary>An accepted answer.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A refused answer.</summary>
    public static implicit operator Result<T>(Refusal refusal) => new(default, refusal);
}
