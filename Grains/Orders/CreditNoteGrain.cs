using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Grains;

/// <summary>A credit note, with an address in the cluster.</summary>
[GrainType("credit_note")]
internal sealed class CreditNoteGrain(IGrainContext context, EntityHost host) : EntityGrain<ICreditNote>(context, host), ICreditNoteGrain
{
    public Task<Result<CreditNoteView>> Issue(IssueCreditNote command, CallContext call) => Entity.Issue(command, call);

    public Task<CreditNoteView?> Get() => Entity.Get();

    public Task<CreditNoteView?> WhenSettled(DateTimeOffset deadline) => Entity.WhenSettled(deadline);
}
