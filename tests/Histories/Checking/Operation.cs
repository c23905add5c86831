namespace Commerce.Histories;

/// <summary>
/// One thing that a client asked of one entity. It took effect in one instant between the two times, if it took effect at all.
/// </summary>
/// <param name="Who">Which client, for a person.</param>
/// <param name="Asked">What was asked.</param>
/// <param name="Sent">When it was sent first; a request that was sent again with the same idempotency key is one operation.</param>
/// <param name="Answered">
/// When the first answer was there; null: never, so that it may have taken effect at any time after it was sent, or not at all.
/// </param>
/// <param name="Answer">What the answer said; null as long as there is none.</param>
/// <param name="After">Takes effect before this one, by the business's rules: a hold before what gives it back.</param>
public sealed record Operation<TAsked, TAnswer>(
    string Who, TAsked Asked, long Sent, long? Answered, TAnswer? Answer, Operation<TAsked, TAnswer>? After = null)
    where TAsked : class
    where TAnswer : class
{
    /// <summary>Two operations are the same only when they are one: clients may well say the same twice.</summary>
    public bool Equals(Operation<TAsked, TAnswer>? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>The behaviour of an entity that gets one request after the other.</summary>
/// <typeparam name="TState">Compared by value.</typeparam>
public interface IModel<TState, in TAsked, in TAnswer>
    where TState : notnull
    where TAsked : class
    where TAnswer : class
{
    /// <summary>Before anything was asked.</summary>
    TState Initial { get; }

    /// <summary>
    /// The states in which it can be after this. None: it would not have answered that. Without an <paramref name="answer"/> every effect
    /// is possible; having none need not be among them.
    /// </summary>
    IEnumerable<TState> Step(TState state, TAsked asked, TAnswer? answer);
}
