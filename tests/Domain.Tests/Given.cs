using Commerce.Kernel;
using Xunit;

namespace Commerce.Domain.Tests;

/// <summary>How the tests of rules speak: fold facts to a state, expect facts or a refusal.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TState State<TState, TFact>(TState initial, Func<TState, TFact, TState> evolve, params IEnumerable<TFact> facts) =>
        facts.Aggregate(initial, evolve);

    public static void Accepts<TFact>(this Decision<TFact> decision, params TFact[] facts) where TFact : class
    {
        Assert.Null(decision.Refusal);
        Assert.Equal(facts, decision.Facts);
    }

    public static TFact Single<TFact>(this Decision<TFact> decision) where TFact : class
    {
        Assert.Null(decision.Refusal);
        return Assert.Single(decision.Facts);
    }

    public static Refusal Refuses<TFact>(this Decision<TFact> decision, string code, string? field = null) where TFact : class
    {
        Assert.NotNull(decision.Refusal);
        Assert.Equal(code, decision.Refusal.Code);
        if (field is not null) Assert.Equal(field, decision.Refusal.Field);
        Assert.False(string.IsNullOrWhiteSpace(decision.Refusal.Detail));
        Assert.False(string.IsNullOrWhiteSpace(decision.Refusal.Remedy));
        Assert.Empty(decision.Facts);
        return decision.Refusal;
    }
}
