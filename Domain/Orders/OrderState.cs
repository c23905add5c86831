using System.Text.Json.Serialization;
using Commerce.Customers;
using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>An order as its rules see it.</summary>
public sealed record OrderState
{
    public static readonly OrderState Initial = new();

    /// <summary>Where it stands; null: there is no order yet.</summary>
    public OrderStatus? Status { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>Who ordered, where there is no customer.</summary>
    public GuestContact? Guest { get; init; }

    /// <summary>Sum of its lines.</summary>
    public Money Total { get; init; }

    /// <summary>Its lines; line n is at n - 1.</summary>
    public IReadOnlyList<OrderLine> Lines { get; init; } = [];

    /// <summary>Its shipments, in the order of their requests.</summary>
    public IReadOnlyList<Shipment> Shipments { get; init; } = [];

    /// <summary>Its returns, in the order of their requests.</summary>
    public IReadOnlyList<Return> Returns { get; init; } = [];

    public Address? ShippingAddress { get; init; }

    /// <summary>Null: as shipping.</summary>
    public Address? BillingAddress { get; init; }

    /// <summary>The provider's token.</summary>
    public string? PaymentMethod { get; init; }

    /// <summary>The other channel's number.</summary>
    public string? Reference { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>When it was recorded here.</summary>
    public DateTimeOffset PlacedAt { get; init; }

    /// <summary>What the present step waits for.</summary>
    public string? Waiting { get; init; }

    /// <summary>Its payment, once the order has noted that it exists.</summary>
    public string? PaymentId { get; init; }

    /// <summary>Why and how it is being closed, or was; null: it is not.</summary>
    public Closing? Closing { get; init; }

    /// <summary>What went to the customer's credit: it is captured, not refunded, and yet given back.</summary>
    public long Credited { get; init; }

    /// <summary>What we are entitled to: the worth of what has shipped and has not come back.</summary>
    [JsonIgnore]
    public long Earned =>
        Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount)
        - Returns.Where(r => r.Status == ReturnStatus.Completed).Sum(r => r.Amount);

    /// <summary>The shipment that is being worked on: shipments are done one after the other.</summary>
    [JsonIgnore]
    public Shipment? PendingShipment => Shipments.FirstOrDefault(s => s.IsPending);

    /// <summary>The return that is being worked on: returns are done one after the other.</summary>
    [JsonIgnore]
    public Return? PendingReturn => Returns.FirstOrDefault(r => r.IsPending);

    /// <summary>The line with that number.</summary>
    public OrderLine Line(int number) => Lines[number - 1];
}

/// <summary>Why and how an order ends before all of it has shipped. The first cause counts.</summary>
/// <param name="From">Where it stood then; it determines what may be held and authorized.</param>
/// <param name="Outcome">How it ends if nothing has shipped.</param>
/// <param name="Reason">For people.</param>
public sealed record Closing(OrderStatus From, OrderStatus Outcome, string Reason);
