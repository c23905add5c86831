using Commerce.Kernel;

namespace Commerce.Payments;

internal sealed class LedgerDocument(EntityContext context) : ILedgerEntry
{
    private readonly Decider<LedgerEntryState, EntryPosted> _entry = context.Decider(LedgerEntryRules.Definition);

    public Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call) =>
        _entry.Create(call, s => LedgerEntryRules.Post(s, context.Key, entry), (s, _) => s.Entry!);

    public Task<LedgerEntry?> Get() => _entry.Read((s, _) => s.Entry!);
}
