using Commerce.Kernel;

namespace Commerce.Orders;

/// <summary>An order, with an address: it asks its rules, and takes the steps that its process names.</summary>
public sealed class Order : ProcessEntity<OrderState, OrderFact, OrderStep>, IOrder
{
    private readonly OrderStock _stock;
    private readonly OrderMoney _money;

    /// <summary>Called by an engine.</summary>
    public Order(EntityContext context) : base(context)
    {
        _stock = new OrderStock(Key, Entities);
        _money = new OrderMoney(Key, Entities, Clock);
    }

    /// <inheritdoc/>
    protected override OrderState Initial => OrderState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "order/1";

    /// <inheritdoc/>
    public async Task<Result<OrderReceipt>> Place(PlaceOrder command, CallContext call)
    {
        // An order that exists has its answer in the journal, or refuses; what the catalogue says by now does not matter.
        if ((await Read()).State.Status is not null) return await Execute(call, _ => Refusals.Exists("order", Key), Receipt);
        var now = Now;
        if (OrderPlacing.Check(Key, command, call.Caller, now) is { } wrong) return wrong;
        var customerKnown = await Neighbours.Known(Entities, command.CustomerId);
        var products = await Neighbours.Products(Entities, command.Lines.Select(l => l.Sku));
        return await Execute(call, s => OrderPlacing.Place(Key, s, command, products, customerKnown, now), Receipt);
    }

    /// <inheritdoc/>
    public Task<Result<OrderReceipt>> Cancel(CancelOrder command, CallContext call) =>
        Execute(call, s => OrderRules.Cancel(Key, s, command), Receipt);

    /// <inheritdoc/>
    public Task<Result<OrderReceipt>> Ship(ShipOrder command, CallContext call) =>
        Execute(call, s => OrderRules.Ship(Key, s, command, Now), Receipt);

    /// <inheritdoc/>
    public Task<Result<OrderReceipt>> Return(ReturnItems command, CallContext call) =>
        Execute(call, s => OrderRules.Return(Key, s, command, Now), Receipt);

    /// <inheritdoc/>
    public Task<Result<OrderReceipt>> Lapse(LapseOrder command, CallContext call) =>
        Execute(call, s => OrderRules.Lapse(Key, s, command), Receipt);

    /// <inheritdoc/>
    public Task Continue(CallContext call)
    {
        Nudge();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<OrderView?> Get()
    {
        var (state, version) = await Read();
        return version == 0 ? null : View(state, version);
    }

    /// <inheritdoc/>
    public async Task<OrderView?> WhenSettled(DateTimeOffset deadline)
    {
        await When(s => Next(s) is null, deadline);
        return await Get();
    }

    /// <inheritdoc/>
    protected override OrderState Evolve(OrderState state, OrderFact fact) => OrderOutcomes.Evolve(state, fact);

    /// <inheritdoc/>
    protected override OrderStep? Next(OrderState state) => OrderToCash.Next(state);

    /// <inheritdoc/>
    protected override string NameOf(OrderStep step) => step.Name;

    /// <inheritdoc/>
    protected override async Task<StepResult<OrderState, OrderFact>> Run(OrderStep step, OrderState state, CallContext call) => step switch
    {
        OrderStep.HoldStock => await _stock.Hold(state, call),
        OrderStep.Authorize => await _money.Authorize(state, call),
        OrderStep.Confirm => Done(s => OrderOutcomes.Confirmed(s, null)),
        OrderStep.Post post => await _stock.Post(state, post.Shipment, call),
        OrderStep.Capture capture => await Capture(state, capture.Shipment, call),
        OrderStep.Complete complete => Done(s => OrderOutcomes.Captured(s, complete.Shipment.Id)),
        OrderStep.GiveBack => await GiveBack(state, call),
        OrderStep.Restock restock => await _stock.Restock(state, restock.Return, call),
        OrderStep.Refund refund => await _money.Refund(state, refund.Return, call),
        _ => throw new InvalidOperationException($"An order does not know the step {step.Name}."),
    };

    private async Task<StepResult<OrderState, OrderFact>> Capture(OrderState state, Shipment shipment, CallContext call)
    {
        var (result, refused) = await _money.Capture(state, shipment, call);
        return result ?? await _stock.GiveUp(state, shipment, refused!, call);
    }

    // Stock first: others may be waiting for it, and the provider may be away.
    private async Task<StepResult<OrderState, OrderFact>> GiveBack(OrderState state, CallContext call)
    {
        await _stock.GiveBack(state, call);
        return await _money.GiveBack(state, call) ?? Done(OrderOutcomes.Closed);
    }

    private static StepResult<OrderState, OrderFact> Done(Func<OrderState, Decision<OrderFact>> decide) =>
        new StepResult<OrderState, OrderFact>.Done(decide);

    private OrderReceipt Receipt(OrderState state, long version) => new(Key, state.Status!.Value, state.Total, version);

    private OrderView View(OrderState state, long version) => new(
        Key, state.Status!.Value, Next(state) is null, state.Waiting, state.Reason, state.CustomerId, state.Guest, state.Total, state.Lines,
        state.Shipments, state.Returns, state.ShippingAddress, state.BillingAddress ?? state.ShippingAddress,
        state.PaymentWanted ? OrderMoney.PaymentId(Key) : null, state.Reference, state.OrderedAt, state.PlacedAt,
        [.. OrderRules.AllowedMoves(state).Select(OrderStateMachine.Word)], version);
}
