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

    /// <summary>The partner's channel that it came by; null: none.</summary>
    public string? Channel { get; init; }

    /// <summary>Who ordered, where there is no customer.</summary>
    [Personal(Purpose.Contact)]
    public GuestContact? Guest { get; init; }

    /// <summary>Sum of its lines.</summary>
    public Money Total { get; init; }

    /// <summary>Its lines; line n is at n - 1.</summary>
    public IReadOnlyList<OrderLine> Lines { get; init; } = [];

    /// <summary>Its shipments, in the order of their requests.</summary>
    public IReadOnlyList<Shipment> Shipments { get; init; } = [];

    /// <summary>Its returns, in the order of their requests; one that is received moves to the end.</summary>
    public IReadOnlyList<Return> Returns { get; init; } = [];

    /// <summary>What was captured by hand, in the order of the payments' movements.</summary>
    public IReadOnlyList<OrderCapture> Captures { get; init; } = [];

    /// <summary>What else was given back, in the order of the payment's movements.</summary>
    public IReadOnlyList<OrderRefund> Refunds { get; init; } = [];

    [Personal(Purpose.Contact)]
    public Address? ShippingAddress { get; init; }

    /// <summary>Null: as shipping.</summary>
    [Personal(Purpose.Contact)]
    public Address? BillingAddress { get; init; }

    /// <summary>The provider's token.</summary>
    [Personal(Purpose.Payment)]
    public string? PaymentMethod { get; init; }

    /// <summary>The other channel's number.</summary>
    public string? Reference { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>When it was recorded here.</summary>
    public DateTimeOffset PlacedAt { get; init; }

    /// <summary>What the present step waits for.</summary>
    [Personal(Purpose.Contact)]
    public string? Waiting { get; init; }

    /// <summary>Its payments, once the order has noted that they exist.</summary>
    public IReadOnlyList<OrderPayment> Payments { get; init; } = [];

    /// <summary>What is captured or can be, less what was paid ahead and given back.</summary>
    public long Covered { get; init; }

    /// <summary>True when payments may hold more than is needed, as one was replaced.</summary>
    public bool MayHoldTooMuch { get; init; }

    /// <summary>The payment that counts; null: none is known.</summary>
    [JsonIgnore]
    public string? PaymentId =>
        (Payments.LastOrDefault(p => p.Status is OrderPaymentStatus.Authorized or OrderPaymentStatus.Gone) ?? Payments.LastOrDefault())?.Id;

    /// <summary>The payment that is to take the place of the one before; null: none is.</summary>
    [JsonIgnore]
    public OrderPayment? PendingPayment => IsOpen ? Payments.FirstOrDefault(p => p.Status == OrderPaymentStatus.Requested) : null;

    /// <summary>Confirmed, and something of it may still ship.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is OrderStatus.Confirmed or OrderStatus.PartlyShipped;

    /// <summary>What has to be paid before all of it can ship.</summary>
    [JsonIgnore]
    public long AmountDue => IsOpen ? Math.Max(0, Total.Minor - Covered) : 0;

    /// <summary>Why and how it is being closed, or was; null: it is not.</summary>
    public Closing? Closing { get; init; }

    /// <summary>How far its erasure has come; null: none was asked for.</summary>
    public OrderErasing? Erasing { get; init; }

    /// <summary>True when nothing personal is left but what its invoice shows.</summary>
    [JsonIgnore]
    public bool IsErased => Erasing?.ErasedAt is not null;

    /// <summary>The customer's credit: what is captured, not refunded, and yet given back.</summary>
    public long Credited { get; init; }

    /// <summary>What of that was captured beyond the worth of the order, when all of it had shipped.</summary>
    public long Overpaid { get; init; }

    /// <summary>The worth of what has shipped.</summary>
    [JsonIgnore]
    public long Sold => Shipments.Where(s => s.Status == ShipmentStatus.Completed).Sum(s => s.Amount);

    /// <summary>What we are entitled to: the worth of what has shipped, less what was given back of it.</summary>
    [JsonIgnore]
    public long Earned => Sold - Returns.Sum(r => r.Refunded) - Given(RefundKind.Allowance);

    /// <summary>What has to be captured in all for what has shipped: a prepayment that was given back pays for nothing.</summary>
    [JsonIgnore]
    public long Due => Sold + Given(RefundKind.Prepayment);

    /// <summary>The shipment that is being worked on: shipments are done one after the other.</summary>
    [JsonIgnore]
    public Shipment? PendingShipment => Shipments.FirstOrDefault(s => s.IsPending);

    /// <summary>What had left the shelf for the pending shipment, if that was given up.</summary>
    public IReadOnlyList<LineQuantity> ToPutBack { get; init; } = [];

    /// <summary>The return that is being worked on: those that were received are done one after the other.</summary>
    [JsonIgnore]
    public Return? PendingReturn => Returns.FirstOrDefault(r => r.IsPending);

    /// <summary>The line with that number.</summary>
    public OrderLine Line(int number) => Lines[number - 1];

    /// <summary>What was given back besides returns, of one kind.</summary>
    public long Given(RefundKind kind) => Refunds.Where(r => r.Kind == kind).Sum(r => r.Amount);
}

/// <summary>Why and how an order ends before all of it has shipped. The first cause counts.</summary>
/// <param name="From">Where it stood then; it determines what may be held and authorized.</param>
/// <param name="Outcome">How it ends if nothing has shipped.</param>
/// <param name="Reason">For people.</param>
public sealed record Closing(OrderStatus From, OrderStatus Outcome, [Personal(Purpose.Contact)] string Reason);
