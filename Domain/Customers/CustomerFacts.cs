using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>What happens to a customer.</summary>
public abstract record CustomerFact;

/// <summary>A customer registered.</summary>
public sealed record CustomerRegistered(
    string Name, string Email, string? Phone, IReadOnlyDictionary<string, Address> Addresses, DateTimeOffset RegisteredAt,
    string? Channel = null) : CustomerFact;

/// <summary>Name, e-mail address or phone changed; null: as it was, but for a phone number that was removed.</summary>
public sealed record ContactChanged(string? Name, string? Email, string? Phone, bool PhoneRemoved = false) : CustomerFact;

/// <summary>An address was added or replaced.</summary>
public sealed record AddressPut(string Label, Address Address) : CustomerFact;

/// <summary>An address was removed.</summary>
public sealed record AddressRemoved(string Label) : CustomerFact;

/// <summary>Something happened to one of the customer's orders.</summary>
public sealed record ActivityRecorded(ActivityKind Kind, string Document, Money Amount, DateTimeOffset OccurredAt) : CustomerFact;
