using System.Text.Json.Serialization;
using Commerce.Catalogue;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>A credit note as its rules see it.</summary>
/// <param name="Issued">What was issued; null: there is none yet.</param>
/// <param name="Status">How far it has come.</param>
public sealed record CreditNoteState(CreditNoteIssued? Issued, CreditNoteStatus Status)
{
    /// <summary>When its personal data was erased; null: it was not.</summary>
    public DateTimeOffset? ErasedAt { get; init; }

    public static readonly CreditNoteState Initial = new(null, CreditNoteStatus.Issued);

    /// <summary>The lines whose units come back to the shelf.</summary>
    [JsonIgnore]
    public IEnumerable<CreditedLine> ToRestock => Issued?.Lines.Where(l => l.Restock) ?? [];
}

/// <summary>The rules of credit notes, and their process: issued, goods back on the shelf, completed.</summary>
public static class CreditNoteRules
{
    public static readonly EntityDefinition<CreditNoteState, CreditNoteFact> Definition =
        new("credit_note/2", CreditNoteState.Initial, Evolve)
        {
            OwnerOf = (_, state) => new Owner(state.Issued?.CustomerId, Channel: state.Issued?.Channel),
        };

    public static CreditNoteState Evolve(CreditNoteState state, CreditNoteFact fact) => fact switch
    {
        CreditNoteIssued f => new CreditNoteState(f, CreditNoteStatus.Issued),
        CreditNoteCompleted => state with { Status = CreditNoteStatus.Completed },
        CreditNoteErased f => state with { ErasedAt = f.ErasedAt, Issued = state.Issued! with { Reason = Marks.Erased } },
        _ => throw new InvalidOperationException($"Credit notes do not know the fact {fact.GetType().Name}."),
    };

    /// <summary>The next step: until it is completed, to restock its goods.</summary>
    public static RestockCreditNote? Next(CreditNoteState state) =>
        state is { Issued: not null, Status: CreditNoteStatus.Issued } ? new RestockCreditNote() : null;

    /// <summary>What is wrong with the command itself, before another entity is called; null when nothing is.</summary>
    public static Refusal? Check(string id, IssueCreditNote command, Caller caller, DateTimeOffset now)
    {
        if (!Ids.Has("crn", id)) return BadId(id);
        if (Validate.Currency("/currency", command.Currency) is { } currency) return currency;
        if (command.CustomerId is { } customer && !Ids.Has("cus", customer)) return LineRules.UnknownCustomer(customer);
        if (LineRules.Count(command.Lines) is { } count) return count;
        for (var i = 0; i < command.Lines.Count; i++)
        {
            if (command.Lines[i] is not { } line) return LineRules.Missing(i);
            if (LineRules.Line(i, line.Sku, line.Quantity, line.UnitPrice) is { } bad) return bad;
        }

        if (Validate.Text("/reason", command.Reason, LineRules.MaxReason) is { } reason) return reason;
        if (Validate.Optional("/reference", command.Reference, LineRules.MaxReference) is { } reference) return reference;
        return Refusals.Future("/issuedAt", command.IssuedAt, now) ?? LineRules.Backdated("/issuedAt", command.IssuedAt, caller, now);
    }

    /// <summary>Issues it. A product that is off sale can still be credited.</summary>
    /// <param name="id">The credit note.</param>
    /// <param name="state">Its state: there must be none.</param>
    /// <param name="command">Already <see cref="Check">checked</see>.</param>
    /// <param name="products">What the catalogue says about each SKU; null: it has none.</param>
    /// <param name="noCustomer">Why nothing can be made out to the command's customer; null where it can.</param>
    /// <param name="now">The time of recording.</param>
    /// <param name="channel">The channel that it comes by; null: none.</param>
    public static Decision<CreditNoteFact> Issue(
        string id, CreditNoteState state, IssueCreditNote command, IReadOnlyDictionary<string, ProductView?> products, Refusal? noCustomer,
        DateTimeOffset now, string? channel = null)
    {
        if (state.Issued is not null) return Refusals.Exists("credit_note", id);
        if (noCustomer is not null) return noCustomer;
        var (total, tooLarge) = LineRules.Sum(command.Lines.Select(l => (l.UnitPrice, l.Quantity)));
        if (tooLarge is not null) return tooLarge;
        var lines = new CreditedLine[command.Lines.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = command.Lines[i];
            var (product, unknown) = LineRules.Known(products, i, line.Sku);
            if (unknown is not null) return unknown;
            if (line.Restock && product.Kind == ProductKind.Service) return NotGoods(i, line.Sku);
            lines[i] = new CreditedLine(
                i + 1, line.Sku, product.Name, product.Kind, line.Quantity, line.UnitPrice,
                Money.LineTotal(line.UnitPrice, line.Quantity)!.Value, line.Restock);
        }

        var issued = new CreditNoteIssued(
            command.CustomerId, new Money(total, command.Currency), lines, command.Reason.Trim(), command.Reference,
            (command.IssuedAt ?? now).ToUniversalTime(), channel);
        return lines.Any(l => l.Restock) ? issued : Decision<CreditNoteFact>.Of(issued, new CreditNoteCompleted());
    }

    /// <summary>Its goods are back on the shelf.</summary>
    public static Decision<CreditNoteFact> Restocked(CreditNoteState state) =>
        state.Status == CreditNoteStatus.Issued ? new CreditNoteCompleted() : Decision<CreditNoteFact>.Nothing;

    /// <summary>What of it is personal is erased. Its goods come back without.</summary>
    public static Decision<CreditNoteFact> Erase(string id, CreditNoteState state, DateTimeOffset now)
    {
        if (state.Issued is null) return Refusals.Unknown("credit_note", id, "Check the id.");
        return state.ErasedAt is null ? new CreditNoteErased(now) : Decision<CreditNoteFact>.Nothing;
    }

    private static Refusal BadId(string id) => Refusals.Invalid(
        "invalid_id", "/id", $"'{id}' cannot be a credit note's id.",
        "Give crn_ and 1 to 60 letters, digits, dots, dashes or underscores.");

    private static Refusal NotGoods(int i, string sku) => Refusals.Invalid(
        "invalid_restock", $"/lines/{i}/restock", $"'{sku}' is a service and has no stock.", "Leave restock out for this line.");
}

/// <summary>The one step of a credit note: put its goods back on the shelf.</summary>
public sealed record RestockCreditNote() : ProcessStep("restock");
