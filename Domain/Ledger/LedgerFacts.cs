namespace Commerce.Ledger;

/// <summary>What happens to a ledger entry: it is posted.</summary>
public sealed record EntryPosted(LedgerEntry Entry);
