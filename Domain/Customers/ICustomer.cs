using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>A customer. The entity's key is <c>cus_…</c>.</summary>
public interface ICustomer : IEntity
{
    /// <summary>Registers. Refused: <c>customer_exists</c>, <c>email_taken</c>, <c>invalid_*</c>.</summary>
    Task<Result<CustomerView>> Register(RegisterCustomer command, CallContext call);

    /// <summary>Changes what is given. Refused: <c>unknown_customer</c>, <c>email_taken</c>, <c>invalid_*</c>.</summary>
    Task<Result<CustomerView>> ChangeContact(ChangeContact command, CallContext call);

    /// <summary>
    /// Adds or replaces the address under a label. Refused: <c>unknown_customer</c>, <c>invalid_*</c>, <c>too_many_addresses</c>.
    /// </summary>
    Task<Result<CustomerView>> PutAddress(PutAddress command, CallContext call);

    /// <summary>Removes the address under a label; none there: accepted.</summary>
    Task<Result<CustomerView>> RemoveAddress(RemoveAddress command, CallContext call);

    /// <summary>Something happened to an order of this customer; adds to the lifetime figures and the timeline. For reactions.</summary>
    Task<Result<CustomerView>> RecordActivity(OrderActivity command, CallContext call);

    /// <summary>
    /// Has all personal data of the customer and of their orders erased. It waits for what is under way; from here on the customer cannot
    /// order. Again: accepted. Refused: <c>unknown_customer</c>.
    /// </summary>
    Task<Result<CustomerErasure>> Erase(CallContext call);

    /// <summary>An order or credit note of theirs is erased. For reactions.</summary>
    Task<Result<CustomerView>> NoteErased(ErasedDocument command, CallContext call);

    /// <summary>The customer, or null when there is none.</summary>
    [Interleaved]
    Task<CustomerView?> Get();

    /// <summary>How far the erasure has come; null when none was asked for.</summary>
    [Interleaved]
    Task<CustomerErasure?> GetErasure();
}

/// <summary>A postal address.</summary>
/// <param name="Name">Addressee; null: the customer.</param>
/// <param name="Line1">Street and number.</param>
/// <param name="Line2">More of it.</param>
/// <param name="City">Town.</param>
/// <param name="Region">State or province.</param>
/// <param name="PostalCode">Postal code.</param>
/// <param name="Country">ISO 3166-1 alpha-2, upper case; <c>ZZ</c> (user-assigned) where unknown.</param>
public sealed record Address(
    string? Name, string Line1, string? Line2, string City, string? Region, string? PostalCode, string Country) : IPersonal<Address>
{
    public static Address Marked(string mark) => new(mark, mark, null, mark, null, null, "ZZ");

    /// <summary>The first thing wrong with an address, or null; <paramref name="field"/> is the JSON pointer to it.</summary>
    public static Refusal? Fault(string field, Address? address)
    {
        if (address is null)
            return Refusals.Invalid("invalid_address", field, "The address is missing.", "Give line1, city and country at least.");
        return Validate.Optional($"{field}/name", address.Name, 200)
            ?? Validate.Text($"{field}/line1", address.Line1, 200)
            ?? Validate.Optional($"{field}/line2", address.Line2, 200)
            ?? Validate.Text($"{field}/city", address.City, 100)
            ?? Validate.Optional($"{field}/region", address.Region, 100)
            ?? Validate.Optional($"{field}/postalCode", address.PostalCode, 20)
            ?? CountryFault($"{field}/country", address.Country);
    }

    private static Refusal? CountryFault(string field, string? country) => Countries.Known(country)
        ? null
        : Refusals.Invalid(
            "invalid_country", field, $"'{country}' is not a country code.",
            country == "UK"
                ? "Give GB for the United Kingdom."
                : "Give an assigned ISO 3166-1 alpha-2 code in upper case, such as GB; ZZ where it is unknown.");
}

/// <summary>Registers a customer.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Unique among customers, compared without regard to case.</param>
/// <param name="Phone">Free form, at most 40 characters.</param>
/// <param name="Addresses">By label: <c>shipping</c>, <c>billing</c>, <c>work</c>.</param>
public sealed record RegisterCustomer(string Name, string Email, string? Phone, IReadOnlyDictionary<string, Address>? Addresses);

/// <summary>Changes what is given; null leaves as it is.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Email">Unique among customers.</param>
/// <param name="Phone">Free form, at most 40 characters.</param>
/// <param name="RemovePhone">True when the phone number is to go.</param>
public sealed record ChangeContact(string? Name, string? Email, string? Phone, bool RemovePhone = false);

/// <summary>Adds or replaces an address.</summary>
public sealed record PutAddress(string Label, Address Address);

/// <summary>Removes an address.</summary>
public sealed record RemoveAddress(string Label);

/// <summary>What happened to an order of the customer.</summary>
public enum ActivityKind
{
    /// <summary>An order was confirmed; counts as an order.</summary>
    OrderConfirmed,

    /// <summary>A shipment is out; what it is worth counts as spent.</summary>
    Shipped,

    /// <summary>Money of what had shipped went back, or became credit: for returned items, as an allowance; counts as refunded.</summary>
    Refunded,

    /// <summary>Money that was captured before anything shipped went back; counts nowhere, as it was not spent.</summary>
    PrepaymentRefunded,

    /// <summary>Credit was paid out; counts nowhere, as it counted when it became credit.</summary>
    CreditPaidOut,

    /// <summary>An order was cancelled or rejected; counts nowhere, shows in the timeline.</summary>
    OrderClosed,
}

/// <summary>An order or credit note holds no personal data any more.</summary>
public sealed record ErasedDocument(string Document);

/// <summary>How far the erasure of a customer has come.</summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="Status">Erased once all orders and the customer are.</param>
/// <param name="WaitsFor">The orders and credit notes to be erased first: an open order until it has shipped or is closed.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ErasedAt">When the keys were destroyed.</param>
/// <param name="CompletesAt">When the database's logs and backups of before tell nothing any more, at the latest.</param>
/// <param name="Version">The customer's version.</param>
public sealed record CustomerErasure(
    string CustomerId, ErasureStatus Status, IReadOnlyList<string> WaitsFor, DateTimeOffset RequestedAt, DateTimeOffset? ErasedAt,
    DateTimeOffset? CompletesAt, long Version);

/// <summary>Something that happened to an order of the customer.</summary>
/// <param name="Kind">What.</param>
/// <param name="Document">The order's or credit note's id.</param>
/// <param name="Amount">The money it was about; zero where none.</param>
/// <param name="OccurredAt">When in the business.</param>
public sealed record OrderActivity(ActivityKind Kind, string Document, Money Amount, DateTimeOffset OccurredAt);

/// <summary>What a customer has done over all time, in one currency.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Orders">Confirmed orders.</param>
/// <param name="Spent">Minor units that shipments are worth.</param>
/// <param name="Refunded">Minor units given back of that, to a payment method or as credit, and credit notes.</param>
public sealed record LifetimeFigures(string Currency, long Orders, long Spent, long Refunded);

/// <summary>A customer as others see it. Null channel: it came by none.</summary>
/// <param name="Erasure">Null unless it was asked for.</param>
public sealed record CustomerView(
    string Id,
    [Personal(Purpose.Contact)] string Name,
    [Personal(Purpose.Contact)] string Email,
    [Personal(Purpose.Contact)] string? Phone,
    [Personal(Purpose.Contact)] IReadOnlyDictionary<string, Address> Addresses,
    IReadOnlyList<LifetimeFigures> Lifetime,
    DateTimeOffset RegisteredAt,
    long Version,
    string? Channel = null,
    ErasureStatus? Erasure = null) : IOwned
{
    [JsonIgnore]
    public Owner Owner => new(Id, Channel: Channel);
}

/// <summary>Lists over all customers; may lag behind by moments.</summary>
public interface ICustomerQueries : IQueries
{
    /// <summary>
    /// Customers within a caller's reach, by id; <paramref name="name"/> matches starts of words, <paramref name="email"/> the start, both
    /// without regard to case.
    /// </summary>
    Task<Page<CustomerView>> Search(string? name, string? email, Reach reach, PageRequest page, CancellationToken cancel);
}
