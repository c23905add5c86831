using Commerce.Payments;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>An entry of the ledger, with an address in the cluster.</summary>
[Alias("commerce.ledger_entry")]
[Version(1)]
public interface ILedgerEntryGrain : ILedgerEntry, IGrainWithStringKey;
