using Commerce.Catalogue;
using Commerce.Inventory;
using Commerce.Kernel;
using Outcome = Commerce.Kernel.StepOutcome<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>The steps of an order that move stock. A hold is named <c>{order}/{line}</c>.</summary>
internal sealed class StockSteps(string orderId, IEntities entities)
{
    /// <summary>Holds every line of goods; why one cannot be held, or null. Closing releases the others.</summary>
    public async Task<(string Code, string Reason)?> Hold(OrderState state, StepContext step)
    {
        var expiresAt = state.PlacedAt + OrderToCash.HeldFor;
        return FirstRefusal(await Batched.ForEach(Goods(state), line => Stock(line).Hold(
            new HoldStock(HoldId(line), line.Quantity, expiresAt), step.CallOf(HoldOf(line)))));
    }

    /// <summary>Posts a shipment's goods: those that have left the shelf, and why others could not, or null.</summary>
    public async Task<(IReadOnlyList<LineQuantity> Posted, string? Gone)> Post(
        OrderState state, Shipment shipment, StepContext step)
    {
        var goods = Goods(state, shipment.Lines);
        if (shipment.Status == ShipmentStatus.Posted) return ([.. goods.Select(Part)], null);
        var answers = await Batched.ForEach(goods, u => Stock(u.Line).Post(
            new PostHold(HoldId(u.Line), u.Quantity, shipment.ShippedAt), step.CallOf($"post/{shipment.Id}/{u.Line.Line}")));
        var refusal = FirstRefusal([.. answers.Select(a => (a.Item.Line, a.Result))]);
        return (
            [.. answers.Where(a => a.Result.Accepted).Select(a => Part(a.Item))],
            refusal is var (code, reason) ? code == "unknown_hold" ? $"Its stock is no longer held. {reason}" : reason : null);
    }

    /// <summary>Holds again what has left the shelf for a shipment that was given up.</summary>
    public async Task<Outcome> PutBack(OrderState state, Shipment shipment, StepContext step)
    {
        var posted = Goods(state, state.ToPutBack);
        var answers = await Batched.ForEach(posted, u => Stock(u.Line).Unpost(
            new UnpostHold(HoldId(u.Line), u.Quantity, state.PlacedAt + OrderToCash.HeldFor, shipment.ShippedAt),
            step.CallOf($"unpost/{shipment.Id}/{u.Line.Line}")));
        return NoRoom(answers.Select(a => a.Result.Refusal).FirstOrDefault(r => r is not null))
            ?? new Outcome.Done(s => OrderRules.PutBack(s, shipment.Id));
    }

    /// <summary>Puts a return's goods back on the shelf.</summary>
    public async Task<Outcome> Restock(OrderState state, Return returned, StepContext step) =>
        NoRoom(await OtherCapabilities.Restock(
            entities, step.CallFor, $"{orderId}/{returned.Id}", returned.ReturnedAt,
            Goods(state, returned.Lines).Select(u => (u.Line.Line, u.Line.Sku, u.Quantity))))
        ?? new Outcome.Done(s => ReturnRules.Restocked(s, returned.Id));

    /// <summary>Releases every hold that may be open.</summary>
    public async Task Release(OrderState state, StepContext step)
    {
        await Batched.ForEach(Goods(state).Where(l => l.Open > 0), async line =>
        {
            // A hold may still be in flight; once its operation id is used, it cannot take effect after the void (decision 4).
            if (state.Closing?.From == OrderStatus.Placed) await Void(line, step.CallOf(HoldOf(line)));
            return await Void(line, step.CallFor($"{line.Line}"));
        });

        Task<Result<StockLevel>> Void(OrderLine line, CallContext call) => Stock(line).Void(new VoidHold(HoldId(line)), call);
    }

    // Null when all is back; a refusal (more on hand than can be counted) is for an operator to see and to make room.
    private static Outcome? NoRoom(Refusal? refusal) => refusal is null
        ? null
        : new Outcome.Retry(s => OrderRules.Waiting(s, "The units cannot be put back on the shelf: there is no room for them."));

    private static (string Code, string Reason)? FirstRefusal(IReadOnlyList<(OrderLine Line, Result<StockLevel> Answer)> answers)
    {
        var refused = answers.Where(a => !a.Answer.Accepted).ToList();
        if (refused.Count == 0) return null;
        var more = refused.Count switch
        {
            1 => "",
            2 => " (One more line was refused.)",
            var n => $" ({n - 1} more lines were refused.)",
        };
        var (line, refusal) = (refused[0].Line, refused[0].Answer.Refusal!);
        return (refusal.Code, $"Line {line.Line} ({line.Sku}): {StockWords.Of(refusal)}{more}");
    }

    private IStock Stock(OrderLine line) => entities.Get<IStock>(line.Sku);

    private string HoldId(OrderLine line) => $"{orderId}/{line.Line}";

    private static string HoldOf(OrderLine line) => $"hold/{line.Line}";

    private static LineQuantity Part((OrderLine Line, long Quantity) posted) => new(posted.Line.Line, posted.Quantity);

    private static IEnumerable<OrderLine> Goods(OrderState state) => state.Lines.Where(l => l.Kind == ProductKind.Goods);

    private static IEnumerable<(OrderLine Line, long Quantity)> Goods(OrderState state, IReadOnlyList<LineQuantity> parts) =>
        parts.Select(p => (Line: state.Line(p.Line), p.Quantity)).Where(u => u.Line.Kind == ProductKind.Goods);
}
