using Commerce.Catalogue;
using Commerce.Kernel;

namespace Commerce.Orders;

internal sealed class CreditNote : ICreditNote
{
    private readonly EntityContext _context;
    private readonly Decider<CreditNoteState, CreditNoteFact> _note;

    public CreditNote(EntityContext context)
    {
        _context = context;
        _note = context.Decider(CreditNoteRules.Definition);
        context.Process<CreditNoteState, CreditNoteFact, RestockCreditNote>(_note, CreditNoteRules.Next, Restock);
    }

    private string Id => _context.Key;

    public async Task<Result<CreditNoteView>> Issue(IssueCreditNote command, CallContext call)
    {
        if ((await _note.Read()).State.Issued is not null)
            return await _note.Decide(call, _ => Refusals.Exists("credit_note", Id), View, makes: true);
        var now = _context.Now;
        var closed = await Books.RefusalIfClosed(_context.Entities, "/issuedAt", command.IssuedAt, call);
        if ((CreditNoteRules.Check(Id, command, call.Caller, now) ?? closed) is { } wrong) return wrong;
        var noCustomer = await OtherCapabilities.Unknown(_context.Entities, command.CustomerId, call.Caller);
        var products = await OtherCapabilities.Products(
            _context.Entities, command.Lines.Select(l => l.Sku), seen => Issuing(CreditNoteState.Initial, seen).Refusal is not null);
        return await _note.Decide(call, s => Issuing(s, products), View, makes: true);

        Decision<CreditNoteFact> Issuing(CreditNoteState state, IReadOnlyDictionary<string, ProductView?> seen) =>
            CreditNoteRules.Issue(Id, state, command, seen, noCustomer, now, call.Caller.Reach.Channel);
    }

    public Task<Result<CreditNoteView>> Erase(CallContext call) =>
        _note.Decide(call, s => CreditNoteRules.Erase(Id, s, _context.Now), View);

    public Task<CreditNoteView?> Get() => _note.Read(View);

    public async Task<CreditNoteView?> WhenSettled(DateTimeOffset deadline)
    {
        await _note.When(s => CreditNoteRules.Next(s) is null, deadline);
        return await Get();
    }

    private async Task<StepOutcome<CreditNoteState, CreditNoteFact>> Restock(
        RestockCreditNote step, CreditNoteState state, StepContext context)
    {
        var refusal = await OtherCapabilities.Restock(
            _context.Entities, context.CallFor, Id, state.Issued!.IssuedAt, state.ToRestock.Select(l => (l.Line, l.Sku, l.Quantity)));
        return refusal is null
            ? new StepOutcome<CreditNoteState, CreditNoteFact>.Done(CreditNoteRules.Restocked)
            : throw new InvalidOperationException($"The goods of '{Id}' cannot be put back on the shelf: {refusal.Detail}");
    }

    private CreditNoteView View(CreditNoteState state, long version)
    {
        var issued = state.Issued!;
        return new CreditNoteView(
            Id, state.Status, issued.CustomerId, issued.Total, issued.Lines, issued.Reason, issued.Reference, issued.IssuedAt, version,
            issued.Channel);
    }
}
