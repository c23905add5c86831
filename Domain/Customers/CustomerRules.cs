using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Commerce.Kernel;

namespace Commerce.Customers;

/// <summary>A customer as the rules see it; null name: there is none yet. Null channel: it came by none.</summary>
public sealed record CustomerState(
    [Personal(Purpose.Contact)] string? Name,
    [Personal(Purpose.Contact)] string Email,
    [Personal(Purpose.Contact)] string? Phone,
    [Personal(Purpose.Contact)] ImmutableSortedDictionary<string, Address> Addresses,
    ImmutableSortedDictionary<string, LifetimeFigures> Lifetime,
    DateTimeOffset RegisteredAt,
    string? Channel = null)
{
    /// <summary>How far its erasure has come; null: none was asked for.</summary>
    public CustomerErasing? Erasing { get; init; }

    /// <summary>True when nothing personal is left.</summary>
    [JsonIgnore]
    public bool IsErased => Erasing?.ErasedAt is not null;

    public static readonly CustomerState Initial = new(
        null, "", null,
        ImmutableSortedDictionary.Create<string, Address>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, LifetimeFigures>(StringComparer.Ordinal),
        default);
}

/// <summary>The rules of customers.</summary>
public static partial class CustomerRules
{
    /// <summary>The most addresses that one customer keeps.</summary>
    public const int MaxAddresses = 50;

    /// <summary>
    /// A customer. Every order reads it and it seldom changes, so its maximum staleness is above the default (decision 12).
    /// </summary>
    public static readonly EntityDefinition<CustomerState, CustomerFact> Definition = new("customer/2", CustomerState.Initial, Evolve)
    {
        MaxStaleness = TimeSpan.FromMinutes(1),
        OwnerOf = (id, state) => new Owner(id, Channel: state.Channel),
        Unique = new(
            state => state.Name is null || state.IsErased ? [] : [EmailValue(state.Email)],
            (email, _) => EmailTaken(email.Value)),
    };

    public static CustomerState Evolve(CustomerState state, CustomerFact fact) => fact switch
    {
        CustomerRegistered f => CustomerState.Initial with
        {
            Name = f.Name, Email = f.Email, Phone = f.Phone, RegisteredAt = f.RegisteredAt, Channel = f.Channel,
            Addresses = CustomerState.Initial.Addresses.AddRange(f.Addresses),
        },
        ContactChanged f => state with
        {
            Name = f.Name ?? state.Name, Email = f.Email ?? state.Email, Phone = f.PhoneRemoved ? null : f.Phone ?? state.Phone,
        },
        AddressPut f => state with { Addresses = state.Addresses.SetItem(f.Label, f.Address) },
        AddressRemoved f => state with { Addresses = state.Addresses.Remove(f.Label) },
        ErasureRequested or DocumentsToErase or DocumentErased or CustomerErased => CustomerErasureRules.Evolve(state, fact),
        ActivityRecorded f => state with { Lifetime = Counted(state.Lifetime, f) },
        _ => throw new InvalidOperationException($"Customers do not know the fact {fact.GetType().Name}."),
    };

    /// <summary>The customer as others see it.</summary>
    public static CustomerView View(string id, CustomerState state, long version) => new(
        id, state.Name!, state.Email, state.Phone, state.Addresses, [.. state.Lifetime.Values], state.RegisteredAt, version,
        state.Channel, state.Erasing is null ? null : state.IsErased ? ErasureStatus.Erased : ErasureStatus.Requested);

    /// <summary>An e-mail address as it is compared.</summary>
    public static UniqueValue EmailValue(string email) => new("email", EmailAddresses.Compared(email));

    public static Decision<CustomerFact> Register(
        string id, CustomerState state, RegisterCustomer command, Caller caller, DateTimeOffset now)
    {
        if (state.IsErased) return Refusals.Erased("customer", id);
        if (state.Name is not null) return Refusals.Exists("customer", id);
        if (caller.Reach.Customer is { } own && own != id) return NotOwn(id);
        if (Validate.Text("/name", command.Name, 200) is { } name) return name;
        if (EmailAddresses.Fault("/email", command.Email) is { } email) return email;
        if (Validate.Optional("/phone", command.Phone, 40) is { } phone) return phone;
        if (command.Addresses is { Count: > MaxAddresses }) return TooManyAddresses;
        foreach (var (label, address) in command.Addresses ?? CustomerState.Initial.Addresses)
            if ((BadLabel($"/addresses/{label}", label) ?? Address.Fault($"/addresses/{label}", address)) is { } bad) return bad;
        return new CustomerRegistered(
            command.Name.Trim(), command.Email.Trim(), command.Phone?.Trim(), command.Addresses ?? CustomerState.Initial.Addresses, now,
            caller.Reach.Channel);
    }

    /// <summary>Changes name, e-mail address or phone.</summary>
    public static Decision<CustomerFact> ChangeContact(string id, CustomerState state, ChangeContact command)
    {
        if (state.IsErased) return Refusals.Erased("customer", id);
        if (state.Name is null) return Unknown(id);
        if (Validate.Optional("/name", command.Name, 200) is { } name) return name;
        if (command.Email is not null && EmailAddresses.Fault("/email", command.Email) is { } email) return email;
        if (Validate.Optional("/phone", command.Phone, 40) is { } phone) return phone;
        var changed = new ContactChanged(command.Name?.Trim(), command.Email?.Trim(), command.Phone?.Trim(), command.RemovePhone);
        return Evolve(state, changed) == state ? Decision<CustomerFact>.Nothing : changed;
    }

    /// <summary>Adds or replaces an address.</summary>
    public static Decision<CustomerFact> PutAddress(string id, CustomerState state, PutAddress command)
    {
        if (state.IsErased) return Refusals.Erased("customer", id);
        if (state.Name is null) return Unknown(id);
        if (BadLabel("/label", command.Label) is { } label) return label;
        if (Address.Fault("", command.Address) is { } address) return address;
        if (state.Addresses.GetValueOrDefault(command.Label) == command.Address) return Decision<CustomerFact>.Nothing;
        if (!state.Addresses.ContainsKey(command.Label) && state.Addresses.Count >= MaxAddresses) return TooManyAddresses;
        return new AddressPut(command.Label, command.Address);
    }

    /// <summary>Removes an address.</summary>
    public static Decision<CustomerFact> RemoveAddress(string id, CustomerState state, RemoveAddress command)
    {
        if (state.IsErased) return Refusals.Erased("customer", id);
        if (state.Name is null) return Unknown(id);
        return state.Addresses.ContainsKey(command.Label) ? new AddressRemoved(command.Label) : Decision<CustomerFact>.Nothing;
    }

    /// <summary>Something happened to an order of this customer.</summary>
    public static Decision<CustomerFact> RecordActivity(string id, CustomerState state, OrderActivity command)
    {
        if (state.Name is null) return Unknown(id);
        var recorded = new ActivityRecorded(command.Kind, command.Document, command.Amount, command.OccurredAt);
        return Decision<CustomerFact>.Of([recorded, .. CustomerErasureRules.AlsoToErase(state, command.Document)]);
    }

    /// <summary>The refusal for an e-mail address that another customer has.</summary>
    public static Refusal EmailTaken(string email) => new(
        "email_taken", RefusalKind.Conflict, $"Another customer has the e-mail address '{email}'.",
        "Use that customer, or another address.", "/email");

    private static Refusal NotOwn(string id) => new(
        "may_not_set", RefusalKind.Forbidden, $"'{id}' is another customer than the one of this token.",
        "Leave the id out.", "/id");

    private static readonly Refusal TooManyAddresses = Refusals.Invalid(
        "too_many_addresses", "/addresses", $"A customer keeps at most {MaxAddresses} addresses.", "Remove one first.");

    private static ImmutableSortedDictionary<string, LifetimeFigures> Counted(
        ImmutableSortedDictionary<string, LifetimeFigures> lifetime, ActivityRecorded fact)
    {
        var (amount, currency) = fact.Amount;
        var so = lifetime.GetValueOrDefault(currency) ?? new LifetimeFigures(currency, 0, 0, 0);
        return fact.Kind switch
        {
            ActivityKind.OrderConfirmed => lifetime.SetItem(currency, so with { Orders = so.Orders + 1 }),
            ActivityKind.Shipped => lifetime.SetItem(currency, so with { Spent = so.Spent + amount }),
            ActivityKind.Refunded => lifetime.SetItem(currency, so with { Refunded = so.Refunded + amount }),
            _ => lifetime,
        };
    }

    private static Refusal? BadLabel(string field, string label) => Label().IsMatch(label)
        ? null
        : Refusals.Invalid(
            "invalid_label", field, $"'{label}' cannot label an address.",
            "Give 1 to 40 letters, digits, dashes or underscores: shipping.");

    internal static Refusal Unknown(string id) => Refusals.Unknown("customer", id, Refusals.CheckTheId);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,40}\\z")]
    private static partial Regex Label();
}
