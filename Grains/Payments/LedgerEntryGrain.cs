using Commerce.Kernel;
using Commerce.Payments;

namespace Commerce.Grains;

/// <summary>An entry of the ledger, with an address in the cluster.</summary>
[GrainType("ledger_entry")]
internal sealed class LedgerEntryGrain(IGrainContext context, EntityHost host) : EntityGrain<ILedgerEntry>(context, host), ILedgerEntryGrain
{
    public Task<Result<LedgerEntry>> Post(LedgerEntry entry, CallContext call) => Entity.Post(entry, call);

    public Task<LedgerEntry?> Get() => Entity.Get();
}
