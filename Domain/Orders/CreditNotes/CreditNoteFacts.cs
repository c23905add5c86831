using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>What happens to a credit note.</summary>
public abstract record CreditNoteFact;

/// <summary>It was issued.</summary>
public sealed record CreditNoteIssued(
    string? CustomerId, Money Total, IReadOnlyList<CreditedLine> Lines, [Personal(Purpose.Contact)] string Reason,
    string? Reference, DateTimeOffset IssuedAt, string? Channel = null) : CreditNoteFact;

/// <summary>Its goods are back on the shelf.</summary>
public sealed record CreditNoteCompleted : CreditNoteFact;

/// <summary>Nothing personal is left of it.</summary>
public sealed record CreditNoteErased(DateTimeOffset ErasedAt) : CreditNoteFact, IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Purpose> Erases => Enum.GetValues<Purpose>();
}
