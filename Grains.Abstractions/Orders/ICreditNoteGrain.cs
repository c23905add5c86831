using Commerce.Orders;
using Orleans.CodeGeneration;

namespace Commerce.Grains;

/// <summary>A credit note, with an address in the cluster.</summary>
[Alias("commerce.credit_note")]
[Version(1)]
public interface ICreditNoteGrain : ICreditNote, IGrainWithStringKey;
