using Commerce.Kernel;

namespace Commerce.Payments;

/// <summary>One entry of the ledger, with an address: the document that it books.</summary>
public sealed class LedgerDocument(EntityContext context) : Entity<LedgerEntryState, EntryPosted>(context), ILedgerEntry
{
    /// <inheritdoc/>
    protected override LedgerEntryState Initial => LedgerEntryState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "ledger-entry/1";

    /// <inheritdoc/>
    public Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call) =>
        Execute(call, s => LedgerEntryRules.Post(s, Key, entry), (s, _) => s.Entry!, begins: true);

    /// <inheritdoc/>
    public async Task<LedgerEntry?> Get() => (await Read()).State.Entry;

    /// <inheritdoc/>
    protected override LedgerEntryState Evolve(LedgerEntryState state, EntryPosted fact) => LedgerEntryRules.Evolve(state, fact);
}
