using Commerce.Kernel;

namespace Commerce.Ledger;

internal sealed class LedgerEntryEntity(EntityContext context) : ILedgerEntry
{
    private readonly Decider<LedgerEntryState, EntryPosted> _entry = context.Decider(LedgerRules.Definition);

    public async Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call)
    {
        var books = await Books.Seen(context.Entities);
        return await _entry.Create(call, s => LedgerRules.Post(s, context.Key, entry, books), (s, _) => s.Entry!);
    }

    public Task<LedgerEntry?> Get() => _entry.Read((s, _) => s.Entry!);
}
