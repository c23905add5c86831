namespace Commerce.Mutants;

/// <summary>Units are sold once, and come free again; what is one customer's is no other's.</summary>
internal static class StockMutants
{
    private const string Rules = "Domain/Inventory/StockRules.cs";
    private const string Customers = "Domain/Customers/CustomerRules.cs";

    public static IReadOnlyList<Mutant> All { get; } =
    [
        new("stock/available", "Only what is available is held.", Rules,
            "if (!state.Backorder && state.Available < command.Quantity) return OutOfStock(command.Quantity, state);", "", 20),
        new("stock/held-is-not-available", "What is held for one is not available to another.", Rules,
            "public long Available => OnHand - Holds.Held;", "public long Available => OnHand;", 20),
        new("stock/count-leaves-held", "A correction takes nothing that is held.", Rules,
            "if (command.Change < 0 && !state.Backorder && state.Available + command.Change < 0)", "if (state is null)", 20),
        new("stock/on-the-shelf", "What is not on the shelf does not leave it.", Rules,
            "if (command.Quantity > state.OnHand) return NotOnShelf(\"/quantity\", command.Quantity, state);", "", 20),
        new("stock/unposted-is-held", "Units of a shipment that failed are held again.", Rules,
            "Holds = state.Holds.Unpost(new Hold(f.HoldId, f.Quantity, f.ExpiresAt)),", "", 20),
        new("stock/expire", "Holds whose time is up are given back.", Rules,
            "Decision<StockFact>.Of([.. state.Holds.DueAt(now).Select(h => new HoldExpired(h.Id, h.Quantity))]);",
            "Decision<StockFact>.Nothing;", 30),
        new("stock/wake", "Stock is woken when a hold's time is up.", Rules,
            "WhenDue = new((state, now) => state.Holds.NextExpiry(now), Expire),", "", 30),
        new("customer/email-claim", "An e-mail address belongs to one customer.", Customers,
            "state => state.Name is null || state.IsErased ? [] : [EmailValue(state.Email)],", "_ => [],", 20),
        new("customer/email-case", "E-mail addresses are compared without regard to case.", "Domain/Kernel/EmailAddresses.cs",
            ".ToLowerInvariant();", ";", 20),
    ];
}
