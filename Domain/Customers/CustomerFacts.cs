using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>What happens to a customer.</summary>
public abstract record CustomerFact;

/// <summary>A customer registered.</summary>
public sealed record CustomerRegistered(
    [Personal(Purpose.Contact)] string Name,
    [Personal(Purpose.Contact)] string Email,
    [Personal(Purpose.Contact)] string? Phone,
    [Personal(Purpose.Contact)] IReadOnlyDictionary<string, Address> Addresses,
    DateTimeOffset RegisteredAt,
    string? Channel = null) : CustomerFact;

/// <summary>Name, e-mail address or phone changed; null: as it was, but for a phone number that was removed.</summary>
public sealed record ContactChanged(
    [Personal(Purpose.Contact)] string? Name,
    [Personal(Purpose.Contact)] string? Email,
    [Personal(Purpose.Contact)] string? Phone,
    bool PhoneRemoved = false) : CustomerFact;

/// <summary>An address was added or replaced.</summary>
public sealed record AddressPut(
    [Personal(Purpose.Contact)] string Label, [Personal(Purpose.Contact)] Address Address) : CustomerFact;

/// <summary>An address was removed.</summary>
public sealed record AddressRemoved([Personal(Purpose.Contact)] string Label) : CustomerFact;

/// <summary>Something happened to one of the customer's orders.</summary>
public sealed record ActivityRecorded(ActivityKind Kind, string Document, Money Amount, DateTimeOffset OccurredAt) : CustomerFact;

/// <summary>The person wants their data erased.</summary>
public sealed record ErasureRequested(DateTimeOffset RequestedAt) : CustomerFact;

/// <summary>Orders and credit notes of the customer were found whose personal data is to go first.</summary>
/// <param name="Documents">Their ids.</param>
/// <param name="SearchedTo">Up to which of the customer's versions was searched.</param>
/// <param name="Searched">True when that was all.</param>
public sealed record DocumentsToErase(IReadOnlyList<string> Documents, long SearchedTo, bool Searched) : CustomerFact;

/// <summary>An order or credit note of the customer holds no personal data any more.</summary>
public sealed record DocumentErased(string Document, DateTimeOffset ErasedAt) : CustomerFact;

/// <summary>Nothing is left of the person but the id.</summary>
public sealed record CustomerErased(DateTimeOffset ErasedAt) : CustomerFact, IErasure
{
    [JsonIgnore]
    public IReadOnlyList<Purpose> Erases => Enum.GetValues<Purpose>();
}
