using Marten;
using Wolverine.Marten;
using Wolverine.Persistence;

namespace Commerce.Marten;

public sealed record PlaceOrder(
    string OrderId, byte[] Fingerprint, string Currency, string PaymentMethod, IReadOnlyList<OrderLine> Lines);

/// <summary>What came of placing an order; null: it was placed.</summary>
public sealed record PlacingResult(string? Refusal);

public sealed record AuthorizePayment(string OrderId);

public sealed record ConfirmOrder(string OrderId);

public sealed record CapturePayment(string OrderId);

public static class PlaceOrderHandler
{
    public static Task<IReadOnlyList<Product>> LoadAsync(PlaceOrder command, IQuerySession session, CancellationToken cancel) =>
        session.LoadManyAsync<Product>(cancel, command.Lines.Select(l => l.Sku).Distinct());

    public static (PlacingResult, IMartenOp) Handle(PlaceOrder command, IReadOnlyList<Product> products)
    {
        if (command.Lines.Count == 0 || command.Lines.Any(l => l.Quantity <= 0)) return Refuse("An order has lines of at least one unit.");
        var prices = products.Where(p => p.Currency == command.Currency).ToDictionary(p => p.Id, p => p.UnitPrice);
        if (!command.Lines.All(l => prices.ContainsKey(l.Sku))) return Refuse("A product is not known.");
        var lines = command.Lines
            .Select(l => new PricedLine(l.Sku, l.Quantity, prices[l.Sku], checked(prices[l.Sku] * l.Quantity)))
            .ToList();
        return (new PlacingResult(null), MartenOps.StartStream<Order>(
            command.OrderId,
            new OrderPlaced(command.Fingerprint, command.Currency, command.PaymentMethod, lines.Sum(l => l.Total), lines)));
    }

    private static (PlacingResult, IMartenOp) Refuse(string why) => (new PlacingResult(why), MartenOps.Nothing());
}

/// <summary>Steps that one order takes alone. A step that is done already does nothing.</summary>
public static class OrderHandler
{
    /// <summary>The sandbox says yes at once.</summary>
    public static (Events, IMartenOp) Handle(AuthorizePayment command, [WriteAggregate] Order order) => order.Status == "held"
        ? ([new OrderAuthorized()], MartenOps.Insert(new Payment(order.Id, order.PaymentMethod, order.Currency, order.Total, 0)))
        : ([], MartenOps.Nothing());

    public static (UpdatedAggregate, Events) Handle(ConfirmOrder command, [WriteAggregate] Order order) =>
        (new(), order.Status == "authorized" ? [new OrderConfirmed()] : []);

    public static (UpdatedAggregate, Events, IMartenOp, IMartenOp) Handle(
        CapturePayment command, [WriteAggregate] Order order,
        [Entity(nameof(CapturePayment.OrderId), Required = false)] Payment? payment)
    {
        if (order.Status != "posted" || payment is null) return (new(), [], MartenOps.Nothing(), MartenOps.Nothing());
        var entry = LedgerEntry.Of(
            $"capture/{order.Id}",
            new LedgerPosting("provider_clearing", order.Currency, order.Total), new LedgerPosting("sales", order.Currency, -order.Total));
        return (new(), [new OrderShipped()], MartenOps.Update(payment.Capture(order.Total)), MartenOps.Insert(entry));
    }
}
