using System.Security.Cryptography;
using System.Text;
using JasperFx.Events;

namespace Commerce.Marten;

/// <summary>A line that is ordered.</summary>
public sealed record OrderLine(string Sku, long Quantity);

/// <summary>What is ordered.</summary>
internal sealed record NewOrder(string Currency, string PaymentMethod, IReadOnlyList<OrderLine> Lines)
{
    /// <summary>A repeated request comes to the same order.</summary>
    public static string IdOf(string key) => $"ord_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16))}";
}

/// <summary>An order as it is shown.</summary>
internal sealed record OrderView(string Id, string Status, long Total, string Currency, string? Reason)
{
    public static OrderView Of(Order order) => new(order.Id, order.Status, order.Total, order.Currency, order.Reason);
}

/// <summary>A line with its price, in minor units.</summary>
public sealed record PricedLine(string Sku, long Quantity, long UnitPrice, long Total);

public sealed record OrderPlaced(byte[] Fingerprint, string Currency, string PaymentMethod, long Total, IReadOnlyList<PricedLine> Lines);

public sealed record OrderHeld;

public sealed record OrderRejected(string Reason);

public sealed record OrderAuthorized;

public sealed record OrderConfirmed;

public sealed record OrderPosted;

public sealed record OrderShipped;

/// <summary>An order and how far it has come.</summary>
public sealed record Order(
    string Id, string Status, byte[] Fingerprint, string Currency, string PaymentMethod, long Total, IReadOnlyList<PricedLine> Lines,
    string? Reason = null)
{
    /// <summary>Units by SKU, in the order in which everyone locks them.</summary>
    public IReadOnlyList<(string Sku, long Quantity)> Units() =>
        [.. Lines.GroupBy(l => l.Sku).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(l => l.Quantity)))];

    public static Order Create(IEvent<OrderPlaced> placed) => new(
        placed.StreamKey!, "placed", placed.Data.Fingerprint, placed.Data.Currency, placed.Data.PaymentMethod, placed.Data.Total,
        placed.Data.Lines);

    public static Order Apply(OrderHeld _, Order order) => order with { Status = "held" };

    public static Order Apply(OrderRejected rejected, Order order) => order with { Status = "rejected", Reason = rejected.Reason };

    public static Order Apply(OrderAuthorized _, Order order) => order with { Status = "authorized" };

    public static Order Apply(OrderConfirmed _, Order order) => order with { Status = "confirmed" };

    public static Order Apply(OrderPosted _, Order order) => order with { Status = "posted" };

    public static Order Apply(OrderShipped _, Order order) => order with { Status = "shipped" };
}
