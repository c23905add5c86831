using Commerce.Kernel;

namespace Commerce.Ledger;

/// <summary>The double-entry ledger: books what other capabilities' facts say about money. Facts are the only way in.</summary>
public static class LedgerCapability
{
    /// <summary>Its facts by their kept names.</summary>
    public static readonly FactCatalog Facts = new FactCatalog()
        .Add<EntryPosted>("entry-posted")
        .Add<BooksClosed>("books-closed");

    public static readonly Capability Definition = new(
        "Ledger",
        [
            EntityKind.Of<ILedgerEntry>("ledger_entry", context => new LedgerEntryEntity(context)) with { Family = Ids.Family },
            EntityKind.Of<IBooks>("books", context => new BooksEntity(context)) with
            {
                Replicated = true, ReplicaAge = TimeSpan.FromSeconds(1),
            },
        ],
        Facts,
        [LedgerReactions.FromOrders, LedgerReactions.FromPayments]);
}
