using JasperFx.Events;
using Marten;
using Wolverine.Attributes;
using Wolverine.Marten;
using ConcurrencyStyle = Wolverine.Marten.ConcurrencyStyle;
using ExistingStreamIdCollisionException = Marten.Exceptions.ExistingStreamIdCollisionException;

namespace Commerce.Marten;

public sealed record ReceiveStock(string Sku, long Quantity);

public sealed record HoldStock(string OrderId);

public sealed record PostStock(string OrderId);

/// <summary>
/// Orders that want the same SKU at once lock its stream, in one order: with optimistic concurrency many would have to try again.
/// </summary>
public static class StockHandler
{
    // The first receipt of a SKU starts its stream; of two at once, one comes second.
    [RetryNow(typeof(ExistingStreamIdCollisionException), 0, 10, 50)]
    public static StockReceived Handle(
        ReceiveStock command,
        [WriteAggregate(nameof(ReceiveStock.Sku), Required = false, LoadStyle = ConcurrencyStyle.Exclusive)] Stock? stock) =>
        new(command.Quantity);

    public static async Task Handle(
        HoldStock command, [WriteAggregate] IEventStream<Order> order, IDocumentSession session, CancellationToken cancel)
    {
        if (order.Aggregate is not { Status: "placed" } placed) return;
        var (wanted, stocks) = (placed.Units(), await Lock(session, placed, cancel));
        if (wanted.Zip(stocks).Any(u => (u.Second.Aggregate is { } s ? s.OnHand - s.Held : 0) < u.First.Quantity))
        {
            order.AppendOne(new OrderRejected("out_of_stock"));
            return;
        }

        foreach (var (units, stock) in wanted.Zip(stocks)) stock.AppendOne(new StockHeld(placed.Id, units.Quantity));
        order.AppendOne(new OrderHeld());
    }

    public static async Task Handle(
        PostStock command, [WriteAggregate] IEventStream<Order> order, IDocumentSession session, CancellationToken cancel)
    {
        if (order.Aggregate is not { Status: "confirmed" } confirmed) return;
        foreach (var (units, stock) in confirmed.Units().Zip(await Lock(session, confirmed, cancel)))
            stock.AppendOne(new StockPosted(confirmed.Id, units.Quantity));
        order.AppendOne(new OrderPosted());
    }

    private static async Task<IEventStream<Stock>[]> Lock(IDocumentSession session, Order order, CancellationToken cancel)
    {
        // Or else each stream of the batch begins a transaction of its own.
        await session.BeginTransactionAsync(cancel);
        var batch = session.CreateBatchQuery();
        var streams = order.Units().Select(u => batch.Events.FetchForExclusiveWriting<Stock>(u.Sku)).ToList();
        await batch.Execute(cancel);
        return await Task.WhenAll(streams);
    }
}
