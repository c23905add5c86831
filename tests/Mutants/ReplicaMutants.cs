namespace Commerce.Mutants;

/// <summary>What a copy in a process may not do.</summary>
internal static class ReplicaMutants
{
    private const string Replica = "Engine/Replica.cs";

    private static readonly Mutant Age = new(
        "replica/age", "A copy is used for a limited time.", Replica,
        "&& options.Clock.GetElapsedTime(CurrentAt(copy.AskedAt, age), askedAt) < (age ?? options.MaxReplicaAge)",
        "&& copy.AskedAt <= askedAt", 60,
        "Copies are dropped when a newer fact is seen.");

    public static IReadOnlyList<Mutant> All { get; } =
    [
        Age,
        new("replica/dropped-when-outdated", "A copy is dropped when a newer fact is seen.", Replica,
            "copy.View.Version < fact.Version) _copies.Remove(fact.Entity);", "copy.View.Version < fact.Version) _copies.TrimExcess();",
            20, Also: Age),
        new("replica/older-than-seen", "An answer is not kept that is older than a fact that was seen.", Replica,
            "(!_follows || answer.Version < _seen.Of(entity))", "!_follows", 20,
            "An entity of one process answers what is committed, in one turn; ReplicaTests has one that does not."),
        new("replica/version-of-the-price", "A line names the version that its price is of.", "Domain/Orders/OrderRules.cs",
            "p.Product.Version)),", "1)),", 20),
    ];
}
