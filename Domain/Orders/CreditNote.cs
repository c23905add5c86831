using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>A credit note, with an address.</summary>
public sealed class CreditNote(EntityContext context) : ProcessEntity<CreditNoteState, CreditNoteFact, CreditNoteStep>(context), ICreditNote
{
    /// <inheritdoc/>
    protected override CreditNoteState Initial => CreditNoteState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "credit_note/1";

    /// <inheritdoc/>
    public async Task<Result<CreditNoteView>> Issue(IssueCreditNote command, CallContext call)
    {
        if ((await Read()).State.Issued is not null) return await Execute(call, _ => Refusals.Exists("credit_note", Key), View);
        var now = Now;
        if (CreditNoteRules.Check(Key, command, call.Caller, now) is { } wrong) return wrong;
        var customerKnown = await Neighbours.Known(Entities, command.CustomerId);
        var products = await Neighbours.Products(Entities, command.Lines.Select(l => l.Sku));
        return await Execute(call, s => CreditNoteRules.Issue(Key, s, command, products, customerKnown, now), View);
    }

    /// <inheritdoc/>
    public async Task<CreditNoteView?> Get()
    {
        var (state, version) = await Read();
        return version == 0 ? null : View(state, version);
    }

    /// <inheritdoc/>
    public async Task<CreditNoteView?> WhenSettled(DateTimeOffset deadline)
    {
        await When(s => Next(s) is null, deadline);
        return await Get();
    }

    /// <inheritdoc/>
    protected override CreditNoteState Evolve(CreditNoteState state, CreditNoteFact fact) => CreditNoteRules.Evolve(state, fact);

    /// <inheritdoc/>
    protected override CreditNoteStep? Next(CreditNoteState state) => CreditNoteRules.Next(state);

    /// <inheritdoc/>
    protected override string NameOf(CreditNoteStep step) => "restock";

    /// <inheritdoc/>
    protected override async Task<StepResult<CreditNoteState, CreditNoteFact>> Run(CreditNoteStep step, CreditNoteState state, CallContext call)
    {
        var refusal = await Neighbours.Restock(
            Entities, call, Key, state.Issued!.IssuedAt, state.ToRestock.Select(l => (l.Line, l.Sku, l.Quantity)));
        return refusal is null
            ? new StepResult<CreditNoteState, CreditNoteFact>.Done(CreditNoteRules.Restocked)
            : throw new InvalidOperationException($"The goods of '{Key}' cannot be put back on the shelf: {refusal.Detail}");
    }

    private CreditNoteView View(CreditNoteState state, long version)
    {
        var issued = state.Issued!;
        return new CreditNoteView(
            Key, state.Status, issued.CustomerId, issued.Total, issued.Lines, issued.Reason, issued.Reference, issued.IssuedAt, version);
    }
}
