using Commerce.Kernel;

namespace Commerce.Orders;

internal sealed class Order : IOrder
{
    private readonly EntityContext _context;
    private readonly Decider<OrderState, OrderFact> _order;
    private readonly Process _process;
    private readonly StockSteps _stock;
    private readonly PaymentSteps _payment;

    public Order(EntityContext context)
    {
        _context = context;
        _order = context.Decider(OrderRules.Definition);
        _process = context.Process<OrderState, OrderFact, OrderStep>(_order, OrderToCash.Next, Run);
        _stock = new StockSteps(Id, context.Entities);
        _payment = new PaymentSteps(Id, context.Entities, context.Clock);
    }

    private string Id => _context.Key;

    public async Task<Result<OrderReceipt>> Place(PlaceOrder command, CallContext call)
    {
        // An order that exists has its answer in the journal, or refuses; the present catalogue does not matter.
        if ((await _order.Read()).State.Status is not null) return await _order.Decide(call, _ => Refusals.Exists("order", Id), Receipt);
        var now = _context.Now;
        if (OrderChecks.Place(Id, command, call.Caller, now) is { } wrong) return wrong;
        var customerKnown = await OtherCapabilities.Known(_context.Entities, command.CustomerId);
        var products = await OtherCapabilities.Products(_context.Entities, command.Lines.Select(l => l.Sku));
        return await _order.Decide(call, s => OrderRules.Place(Id, s, command, products, customerKnown, now), Receipt);
    }

    public Task<Result<OrderReceipt>> Cancel(CancelOrder command, CallContext call) =>
        _order.Decide(call, s => OrderRules.Cancel(Id, s, command), Receipt);

    public Task<Result<OrderReceipt>> Ship(ShipOrder command, CallContext call) =>
        _order.Decide(call, s => OrderRules.Ship(Id, s, command, _context.Now), Receipt);

    public Task<Result<OrderReceipt>> Return(ReturnItems command, CallContext call) =>
        _order.Decide(call, s => OrderRules.Return(Id, s, command, _context.Now), Receipt);

    public Task<Result<OrderReceipt>> CancelExpired(CancelExpiredOrder command, CallContext call) =>
        _order.Decide(call, s => OrderRules.CancelExpired(Id, s, command), Receipt);

    public Task Continue(CallContext call)
    {
        _process.Signal();
        return Task.CompletedTask;
    }

    public Task<OrderView?> Get() => _order.Read(View);

    public async Task<OrderView?> WhenSettled(DateTimeOffset deadline)
    {
        await _order.When(s => OrderToCash.Next(s) is null, deadline);
        return await Get();
    }

    private async Task<StepOutcome<OrderState, OrderFact>> Run(OrderStep step, OrderState state, StepContext context) => step switch
    {
        OrderStep.HoldStock => await _stock.Hold(state, context),
        OrderStep.Authorize => await _payment.Authorize(state, context),
        OrderStep.Confirm => Done(s => OrderRules.Confirmed(s, null)),
        OrderStep.Post post => await _stock.Post(state, post.Shipment, context),
        OrderStep.Capture capture => await Capture(state, capture.Shipment, context),
        OrderStep.Complete complete => Done(s => OrderRules.Captured(s, complete.Shipment.Id)),
        OrderStep.Release => await Release(state, context),
        OrderStep.Restock restock => await _stock.Restock(state, restock.Return, context),
        OrderStep.Refund refund => await _payment.Refund(state, refund.Return, context),
        _ => throw new InvalidOperationException($"An order does not know the step {step.Name}."),
    };

    private async Task<StepOutcome<OrderState, OrderFact>> Capture(OrderState state, Shipment shipment, StepContext context)
    {
        var (outcome, refused) = await _payment.Capture(state, shipment, context);
        return outcome ?? await _stock.GiveUp(state, shipment, refused!, context);
    }

    // Stock first: others may be waiting for it, and the provider may be away.
    private async Task<StepOutcome<OrderState, OrderFact>> Release(OrderState state, StepContext context)
    {
        await _stock.Release(state, context);
        return await _payment.Release(state, context) ?? Done(OrderRules.Closed);
    }

    private static StepOutcome<OrderState, OrderFact> Done(Func<OrderState, Decision<OrderFact>> decide) =>
        new StepOutcome<OrderState, OrderFact>.Done(decide);

    private OrderReceipt Receipt(OrderState state, long version) => new(Id, state.Status!.Value, state.Total, version);

    private OrderView View(OrderState state, long version) => new(
        Id, state.Status!.Value, OrderToCash.Next(state) is null, state.Waiting, state.Closing?.Reason, state.CustomerId, state.Guest,
        state.Total, state.Lines, state.Shipments, state.Returns, state.ShippingAddress, state.BillingAddress ?? state.ShippingAddress,
        state.PaymentWanted ? PaymentSteps.PaymentId(Id) : null, state.Reference, state.OrderedAt, state.PlacedAt,
        [.. OrderRules.AllowedMoves(state).Select(EnumWords.Of)], version);
}
