using Commerce.Catalogue;
using Commerce.Inventory;
using Commerce.Kernel;
using Result = Commerce.Kernel.StepResult<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>The steps of an order that move stock. Hold ids are <c>{order}/{line}</c>, operation ids begin with the order's id.</summary>
internal sealed class OrderStock(string orderId, IEntities entities)
{
    private static readonly TimeSpan RetryRestock = TimeSpan.FromMinutes(1);

    /// <summary>Holds every line of goods; one that cannot be held fails the order, and closing gives back the others.</summary>
    public async Task<Result> Hold(OrderState state, CallContext call)
    {
        var expiresAt = state.PlacedAt + OrderToCash.HeldFor;
        var answers = await Neighbours.ForEach(Goods(state), line => Stock(line).Hold(
            new HoldStock(HoldId(line), line.Quantity, expiresAt), call.For(HoldOperation(line))));
        if (!Refused(answers, out var code, out var reason)) return new Result.Done(OrderOutcomes.Held);
        return new Result.Done(s => OrderOutcomes.Failed(s, code, reason));
    }

    /// <summary>Posts a shipment's goods. Where one cannot be, those that were come back and the shipment is given up.</summary>
    public async Task<Result> Post(OrderState state, Shipment shipment, CallContext call)
    {
        var units = Goods(state, shipment.Lines);
        var answers = await Neighbours.ForEach(units, u => Stock(u.Line).Post(
            new PostHold(HoldId(u.Line), u.Quantity, shipment.ShippedAt), call.For($"{orderId}/post/{shipment.Id}/{u.Line.Line}")));
        if (!Refused([.. answers.Select(a => (a.Item.Line, a.Result))], out _, out var reason))
            return new Result.Done(s => OrderOutcomes.Posted(s, shipment.Id));
        var posted = answers.Where(a => a.Result.Accepted).Select(a => a.Item);
        return await GiveUp(shipment, posted, $"Its stock is no longer held. {reason}", call);
    }

    /// <summary>A posted shipment's money cannot be had: its goods come back and it is given up.</summary>
    public Task<Result> GiveUp(OrderState state, Shipment shipment, string reason, CallContext call) =>
        GiveUp(shipment, Goods(state, shipment.Lines), reason, call);

    /// <summary>Puts a return's goods back on the shelf.</summary>
    public async Task<Result> Restock(OrderState state, Return back, CallContext call) =>
        await PutBack(Goods(state, back.Lines), $"restock/{back.Id}", back.Id, back.ReturnedAt, call)
        ?? new Result.Done(s => OrderOutcomes.Restocked(s, back.Id));

    /// <summary>Gives back every hold that may be open.</summary>
    public async Task GiveBack(OrderState state, CallContext call)
    {
        await Neighbours.ForEach(Goods(state).Where(l => l.Open > 0), async line =>
        {
            // A hold that was asked for may still be on its way; with its operation id used up, it cannot take effect after the void.
            if (state.ClosingFrom == OrderStatus.Placed) await Void(line, HoldOperation(line));
            return await Void(line, $"{orderId}/void/{line.Line}");
        });

        Task<Result<StockLevel>> Void(OrderLine line, string operation) =>
            Stock(line).Void(new VoidHold(HoldId(line)), call.For(operation));
    }

    private async Task<Result> GiveUp(Shipment shipment, IEnumerable<(OrderLine Line, long Quantity)> posted, string reason, CallContext call) =>
        await PutBack(posted, $"unpost/{shipment.Id}", shipment.Id, shipment.ShippedAt, call)
        ?? new Result.Done(s => OrderOutcomes.ShipmentFailed(s, shipment.Id, reason));

    // Null when all is back; a refusal (more on hand than can be counted) is for an operator to see and to make room.
    private async Task<Result?> PutBack(
        IEnumerable<(OrderLine Line, long Quantity)> units, string step, string part, DateTimeOffset? occurredAt, CallContext call)
    {
        var refusal = await Neighbours.Restock(
            entities, call.For($"{orderId}/{step}"), $"{orderId}/{part}", occurredAt,
            units.Select(u => (u.Line.Line, u.Line.Sku, u.Quantity)));
        return refusal is null
            ? null
            : new Result.Later(RetryRestock, s => OrderOutcomes.Waiting(s, $"The units cannot be put back on the shelf: {refusal.Detail}"));
    }

    private static bool Refused(
        IReadOnlyList<(OrderLine Line, Result<StockLevel> Answer)> answers, out string code, out string reason)
    {
        var refused = answers.Where(a => !a.Answer.Accepted).ToList();
        var more = refused.Count > 1 ? $" ({refused.Count - 1} more lines likewise.)" : "";
        (code, reason) = ("", "");
        if (refused.Count == 0) return false;
        var (line, refusal) = (refused[0].Line, refused[0].Answer.Refusal!);
        (code, reason) = (refusal.Code, $"Line {line.Line} ({line.Sku}): {refusal.Detail}{more}");
        return true;
    }

    private IStock Stock(OrderLine line) => entities.Get<IStock>(line.Sku);

    private string HoldId(OrderLine line) => $"{orderId}/{line.Line}";

    private string HoldOperation(OrderLine line) => $"{orderId}/hold/{line.Line}";

    private static IEnumerable<OrderLine> Goods(OrderState state) => state.Lines.Where(l => l.Kind == ProductKind.Goods);

    private static IEnumerable<(OrderLine Line, long Quantity)> Goods(OrderState state, IReadOnlyList<LineQuantity> parts) =>
        parts.Select(p => (Line: state.Line(p.Line), p.Quantity)).Where(u => u.Line.Kind == ProductKind.Goods);
}
