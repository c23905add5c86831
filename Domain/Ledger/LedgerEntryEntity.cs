using Commerce.Kernel;

namespace Commerce.Ledger;

internal sealed class LedgerEntryEntity(EntityContext context) : ILedgerEntry
{
    private readonly Decider<LedgerEntryState, EntryPosted> _entry = context.Decider(LedgerRules.Definition);

    public Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call) =>
        _entry.Create(call, s => LedgerRules.Post(s, context.Key, entry), (s, _) => s.Entry!);

    public Task<LedgerEntry?> Get() => _entry.Read((s, _) => s.Entry!);
}
