using System.Text.Json.Serialization;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>Asks to give shipped units back.</summary>
/// <param name="ReturnId">Unique within the order.</param>
/// <param name="Lines">What; null: all that has shipped, is not back and was not asked for.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="Received">True when the units are here already; that needs the scope <c>orders:return-receive</c>.</param>
/// <param name="ReturnedAt">When they came back, if not now; only for units that are here.</param>
public sealed record ReturnItems(
    string ReturnId,
    IReadOnlyList<LineQuantity>? Lines,
    string Reason,
    string? Reference = null,
    bool Received = false,
    DateTimeOffset? ReturnedAt = null);

/// <summary>The units of a return are here.</summary>
/// <param name="ReturnId">Which return.</param>
/// <param name="ReturnedAt">When they came back, if not now.</param>
public sealed record ReceiveReturn(string ReturnId, DateTimeOffset? ReturnedAt = null);

/// <summary>A return that was asked for is not taken.</summary>
/// <param name="ReturnId">Which return.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record RejectReturn(string ReturnId, string Reason);

/// <summary>How far a return has come.</summary>
public enum ReturnStatus
{
    /// <summary>Asked for: its units are kept for it, and neither stock nor money moves.</summary>
    Requested,

    /// <summary>Its units are here; nothing is back on the shelf yet.</summary>
    Received,

    /// <summary>Its units are back on the shelf; its money is being given back.</summary>
    Restocked,

    /// <summary>Units and money are back.</summary>
    Completed,

    /// <summary>Not taken; its units can be asked for again.</summary>
    Rejected,
}

/// <summary>Where the money of a return went.</summary>
public enum RefundedTo
{
    /// <summary>There was none to give back.</summary>
    Nowhere,

    /// <summary>Back to the payment method.</summary>
    PaymentMethod,

    /// <summary>To the customer's credit, because the payment method did not take it.</summary>
    CustomerCredit,
}

/// <summary>A return to an order.</summary>
/// <param name="Id">Unique within the order.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Lines">What comes back.</param>
/// <param name="Amount">Minor units that it is worth; null: it was not received.</param>
/// <param name="Reason">Why it comes back.</param>
/// <param name="Reference">The caller's document.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ReturnedAt">When the units came back; null: they did not.</param>
/// <param name="RefundedTo">Where the money went; null until it did.</param>
/// <param name="Refunded">
/// Minor units that were given back for it: its amount, or what is left of the order's money where some was given back before.
/// </param>
/// <param name="Rejection">Why it was rejected, for a person.</param>
public sealed record Return(
    string Id, ReturnStatus Status, IReadOnlyList<LineQuantity> Lines, long? Amount,
    [Personal(Purpose.Contact)] string Reason, string? Reference, DateTimeOffset RequestedAt, DateTimeOffset? ReturnedAt = null,
    RefundedTo? RefundedTo = null, long Refunded = 0,
    [Personal(Purpose.Contact)] string? Rejection = null)
{
    /// <summary>True while the order has something of it to do by itself.</summary>
    [JsonIgnore]
    public bool IsPending => Status is ReturnStatus.Received or ReturnStatus.Restocked;

    /// <summary>True while its units are neither counted as returned nor free for another return.</summary>
    [JsonIgnore]
    public bool KeepsUnits => IsPending || Status == ReturnStatus.Requested;
}
