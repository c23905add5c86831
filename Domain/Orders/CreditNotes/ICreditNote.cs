using System.Text.Json.Serialization;
using Commerce.Catalogue;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>
/// Money owed to a customer without an order that it could be refunded to: it goes to the customer's credit. The entity's key is
/// <c>crn_…</c>.
/// </summary>
public interface ICreditNote : IEntity
{
    /// <summary>
    /// Issues it. Refused: <c>credit_note_exists</c>, <c>no_lines</c>, <c>too_many_lines</c>, <c>invalid_*</c>, <c>unknown_sku</c>,
    /// <c>unknown_customer</c>, <c>total_too_large</c>, <c>may_not_import</c>.
    /// </summary>
    Task<Result<CreditNoteView>> Issue(IssueCreditNote command, CallContext call);

    /// <summary>Erases what of it is personal. For reactions. Refused: <c>unknown_credit_note</c>.</summary>
    Task<Result<CreditNoteView>> Erase(CallContext call);

    /// <summary>The credit note, or null when there is none.</summary>
    [Interleaved]
    Task<CreditNoteView?> Get();

    /// <summary>The credit note once its goods are back on the shelf, or as it is at the deadline; null when there is none.</summary>
    [Interleaved]
    Task<CreditNoteView?> WhenSettled(DateTimeOffset deadline);
}

/// <summary>Issues a credit note.</summary>
/// <param name="CustomerId">Whose credit; null where unknown.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Lines">1 to <see cref="PlaceOrder.MaxLines"/>.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="IssuedAt">When, if not now. Not in the future.</param>
public sealed record IssueCreditNote(
    string? CustomerId,
    string Currency,
    IReadOnlyList<CreditLine> Lines,
    string Reason,
    string? Reference = null,
    DateTimeOffset? IssuedAt = null);

/// <summary>One line of a credit note.</summary>
/// <param name="Sku">A product of the catalogue.</param>
/// <param name="Quantity">Units, 1 to <see cref="PlaceOrder.MaxQuantity"/>.</param>
/// <param name="UnitPrice">Minor units credited for each, not negative, at most 6 decimals.</param>
/// <param name="Restock">True when the units come back to the shelf (goods only).</param>
public sealed record CreditLine(string Sku, long Quantity, decimal UnitPrice, bool Restock = false);

/// <summary>A line of an issued credit note.</summary>
public sealed record CreditedLine(
    int Line, string Sku, string Name, ProductKind Kind, long Quantity, decimal UnitPrice, long Total, bool Restock);

/// <summary>How far a credit note has come.</summary>
public enum CreditNoteStatus
{
    /// <summary>The customer has the credit; goods are on their way back to the shelf.</summary>
    Issued,

    /// <summary>All of it is done.</summary>
    Completed,
}

/// <summary>A credit note as others see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">Completed once its goods are back on the shelf.</param>
/// <param name="CustomerId">Whose credit.</param>
/// <param name="Total">What is credited.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Reason">Why.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="IssuedAt">When.</param>
/// <param name="Version">The entity's version.</param>
/// <param name="Channel">The partner's channel that it came by; null: none.</param>
public sealed record CreditNoteView(
    string Id, CreditNoteStatus Status, string? CustomerId, Money Total, IReadOnlyList<CreditedLine> Lines,
    [Personal(Purpose.Contact)] string Reason, string? Reference, DateTimeOffset IssuedAt, long Version, string? Channel = null) : IOwned
{
    [JsonIgnore]
    public Owner Owner => new(CustomerId, Channel: Channel);
}
