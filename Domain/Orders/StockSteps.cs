using Commerce.Catalogue;
using Commerce.Inventory;
using Commerce.Kernel;
using Outcome = Commerce.Kernel.StepOutcome<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

namespace Commerce.Orders;

/// <summary>The steps of an order that move stock. A hold is named <c>{order}/{line}</c>.</summary>
internal sealed class StockSteps(string orderId, IEntities entities)
{
    private static readonly string HoldStep = new OrderStep.HoldStock().Name;

    /// <summary>Holds every line of goods; one that cannot be held fails the order, and closing releases the others.</summary>
    public async Task<Outcome> Hold(OrderState state, StepContext step)
    {
        var expiresAt = state.PlacedAt + OrderToCash.HeldFor;
        var answers = await Batched.ForEach(Goods(state), line => Stock(line).Hold(
            new HoldStock(HoldId(line), line.Quantity, expiresAt), step.CallFor($"{line.Line}")));
        if (FirstRefusal(answers) is not var (code, reason)) return new Outcome.Done(OrderRules.Held);
        return new Outcome.Done(s => OrderRules.Failed(s, code, reason));
    }

    /// <summary>Posts a shipment's goods. Where one cannot be, those that were come back and the shipment is given up.</summary>
    public async Task<Outcome> Post(OrderState state, Shipment shipment, StepContext step)
    {
        var answers = await Batched.ForEach(Goods(state, shipment.Lines), u => Stock(u.Line).Post(
            new PostHold(HoldId(u.Line), u.Quantity, shipment.ShippedAt), step.CallFor($"{u.Line.Line}")));
        if (FirstRefusal([.. answers.Select(a => (a.Item.Line, a.Result))]) is not var (_, reason))
            return new Outcome.Done(s => OrderRules.Posted(s, shipment.Id));
        var posted = answers.Where(a => a.Result.Accepted).Select(a => a.Item);
        return await GiveUp(shipment, posted, $"Its stock is no longer held. {reason}", step);
    }

    /// <summary>A posted shipment's money cannot be had: its goods come back and it is given up.</summary>
    public Task<Outcome> GiveUp(OrderState state, Shipment shipment, string reason, StepContext step) =>
        GiveUp(shipment, Goods(state, shipment.Lines), reason, step);

    /// <summary>Puts a return's goods back on the shelf.</summary>
    public async Task<Outcome> Restock(OrderState state, Return returned, StepContext step) =>
        await PutBack(Goods(state, returned.Lines), step.CallFor, returned.Id, returned.ReturnedAt)
        ?? new Outcome.Done(s => OrderRules.Restocked(s, returned.Id));

    /// <summary>Releases every hold that may be open.</summary>
    public async Task Release(OrderState state, StepContext step)
    {
        await Batched.ForEach(Goods(state).Where(l => l.Open > 0), async line =>
        {
            // A hold may still be in flight; once its operation id is used, it cannot take effect after the void (decision 4).
            if (state.Closing?.From == OrderStatus.Placed) await Void(line, step.CallOf($"{HoldStep}/{line.Line}"));
            return await Void(line, step.CallFor($"{line.Line}"));
        });

        Task<Result<StockLevel>> Void(OrderLine line, CallContext call) => Stock(line).Void(new VoidHold(HoldId(line)), call);
    }

    // Both posting and capturing may give a shipment up, so the operations are named by the shipment and not by the step.
    private async Task<Outcome> GiveUp(
        Shipment shipment, IEnumerable<(OrderLine Line, long Quantity)> posted, string reason, StepContext step) =>
        await PutBack(posted, line => step.CallOf($"unpost/{shipment.Id}/{line}"), shipment.Id, shipment.ShippedAt)
        ?? new Outcome.Done(s => OrderRules.ShipmentFailed(s, shipment.Id, reason));

    // Null when all is back; a refusal (more on hand than can be counted) is for an operator to see and to make room.
    private async Task<Outcome?> PutBack(
        IEnumerable<(OrderLine Line, long Quantity)> units, Func<string, CallContext> callFor, string document, DateTimeOffset? occurredAt)
    {
        var refusal = await OtherCapabilities.Restock(
            entities, callFor, $"{orderId}/{document}", occurredAt, units.Select(u => (u.Line.Line, u.Line.Sku, u.Quantity)));
        return refusal is null
            ? null
            : new Outcome.Retry(s => OrderRules.Waiting(s, $"The units cannot be put back on the shelf: {refusal.Detail}"));
    }

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
        return (refusal.Code, $"Line {line.Line} ({line.Sku}): {refusal.Detail}{more}");
    }

    private IStock Stock(OrderLine line) => entities.Get<IStock>(line.Sku);

    private string HoldId(OrderLine line) => $"{orderId}/{line.Line}";

    private static IEnumerable<OrderLine> Goods(OrderState state) => state.Lines.Where(l => l.Kind == ProductKind.Goods);

    private static IEnumerable<(OrderLine Line, long Quantity)> Goods(OrderState state, IReadOnlyList<LineQuantity> parts) =>
        parts.Select(p => (Line: state.Line(p.Line), p.Quantity)).Where(u => u.Line.Kind == ProductKind.Goods);
}
