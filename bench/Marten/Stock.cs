using JasperFx.Events;

namespace Commerce.Marten;

public sealed record StockReceived(long Quantity);

public sealed record StockHeld(string OrderId, long Quantity);

public sealed record StockPosted(string OrderId, long Quantity);

/// <summary>Units of a SKU, and how many of them are set aside.</summary>
public sealed record Stock(string Id, long OnHand, long Held)
{
    public static Stock Create(IEvent<StockReceived> received) => new(received.StreamKey!, received.Data.Quantity, 0);

    public static Stock Apply(StockReceived received, Stock stock) => stock with { OnHand = checked(stock.OnHand + received.Quantity) };

    public static Stock Apply(StockHeld held, Stock stock) => stock with { Held = stock.Held + held.Quantity };

    public static Stock Apply(StockPosted posted, Stock stock) =>
        stock with { OnHand = stock.OnHand - posted.Quantity, Held = stock.Held - posted.Quantity };
}
