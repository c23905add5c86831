namespace Commerce.Simulation;

/// <summary>All safeguards that are taken away, one at a time.</summary>
internal static class Safeguards
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
        [.. OfTheJournal.All, .. OfEntities.All, .. OfTheFlow.All, .. OfStock.All, .. OfOrders.All, .. OfOrderMoney.All, .. OfPayments.All];
}
