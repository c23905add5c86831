using Commerce.Catalogue;
using Commerce.Kernel;
using Outcome = Commerce.Kernel.StepOutcome<Commerce.Orders.OrderState, Commerce.Orders.OrderFact>;

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

    public async Task<Result<OrderAnswer>> Place(PlaceOrder command, CallContext call)
    {
        var now = _context.Now;
        var closed = await Books.RefusalIfClosed(_context.Entities, "/orderedAt", command.OrderedAt, call);
        if ((OrderChecks.Place(Id, command, call.Caller, now) ?? closed) is { } wrong) // an order that exists has its answer in the journal
            return await Settled(
                call, _order.Decide(call, s => s.Status is null ? wrong : Refusals.Exists("order", Id), Answer, makes: true));
        var noCustomer = await OtherCapabilities.Unknown(_context.Entities, command.CustomerId, call.Caller);
        var products = await OtherCapabilities.Products(
            _context.Entities, command.Lines.Select(l => l.Sku), seen => Placing(OrderState.Initial, seen).Refusal is not null);
        return await Settled(call, _order.Create(call, s => Placing(s, products), Answer));

        Decision<OrderFact> Placing(OrderState state, IReadOnlyDictionary<string, ProductView?> seen) =>
            OrderRules.Place(Id, state, command, seen, noCustomer, now, call.Caller.Reach.Channel);
    }

    public Task<Result<OrderAnswer>> Cancel(CancelOrder command, CallContext call) =>
        Decide(call, s => OrderRules.Cancel(Id, s, command));

    public async Task<Result<OrderAnswer>> Ship(ShipOrder command, CallContext call)
    {
        var closed = await Books.RefusalIfClosed(_context.Entities, "/shippedAt", command.ShippedAt, call);
        return await Decide(call, s => OrderRules.Ship(Id, s, command, _context.Now, closed));
    }

    public async Task<Result<OrderAnswer>> Return(ReturnItems command, CallContext call)
    {
        var closed = await Books.RefusalIfClosed(_context.Entities, "/returnedAt", command.ReturnedAt, call);
        return await Decide(call, s => ReturnRules.Request(Id, s, command, call.Caller, _context.Now, closed));
    }

    public async Task<Result<OrderAnswer>> ReceiveReturn(ReceiveReturn command, CallContext call)
    {
        var closed = await Books.RefusalIfClosed(_context.Entities, "/returnedAt", command.ReturnedAt, call);
        return await Decide(call, s => ReturnRules.Receive(Id, s, command, _context.Now, closed));
    }

    public Task<Result<OrderAnswer>> RejectReturn(RejectReturn command, CallContext call) =>
        Decide(call, s => ReturnRules.Reject(Id, s, command));

    public Task<Result<OrderAnswer>> CancelExpired(CancelExpiredOrder command, CallContext call) =>
        Decide(call, s => OrderRules.CancelExpired(Id, s, command));

    public Task<Result<OrderAnswer>> Pay(PayOrder command, CallContext call) =>
        Decide(call, s => OrderPaymentRules.Pay(Id, s, command));

    public async Task<Result<OrderAnswer>> NotePayments(CallContext call)
    {
        var (state, _) = await _order.Read();
        var payments = await _payment.Latest(state);
        return await Decide(
            call, s => s.Status is null ? OrderChecks.Unknown(Id) : OrderPaymentRules.Note(s, payments, _context.Now));
    }

    public Task<Result<OrderErasure>> Erase(CallContext call) => _order.Decide(
        call, s => OrderErasureRules.Request(Id, s, _context.Now), (s, version) => OrderErasureRules.View(Id, s, version));

    public Task Continue(CallContext call)
    {
        _process.Signal();
        return Task.CompletedTask;
    }

    public Task<OrderView?> Get() => _order.Read(View);

    public Task<OrderErasure?> GetErasure() =>
        _order.Read<OrderErasure>((s, version) => s.Erasing is null ? null! : OrderErasureRules.View(Id, s, version));

    public async Task<OrderView?> WhenSettled(DateTimeOffset deadline)
    {
        await _order.When(IsSettled, deadline);
        return await Get();
    }

    private Task<Result<OrderAnswer>> Decide(CallContext call, Func<OrderState, Decision<OrderFact>> decide) =>
        Settled(call, _order.Decide(call, decide, Answer));

    private async Task<Result<OrderAnswer>> Settled(CallContext call, Task<Result<OrderAnswer>> deciding)
    {
        var answer = await deciding;
        if (!answer.Accepted || call.WaitUntil is not { } until) return answer;
        return await _order.Outcome(IsSettled, until, View) is { Settled: true } view
            ? answer.With(answer.Value with { Settled = view })
            : answer;
    }

    private async Task<Outcome> Run(OrderStep step, OrderState state, StepContext context) => step switch
    {
        OrderStep.Secure => await Secure(state, context),
        OrderStep.Ship ship => await Ship(state, ship.Shipment, context),
        OrderStep.PutBack back => await _stock.PutBack(state, back.Shipment, context),
        OrderStep.Pay pay => await _payment.Pay(state, pay.Payment, context),
        OrderStep.Release => await Release(state, context),
        OrderStep.ReleaseRest => await _payment.ReleaseRest(state, context),
        OrderStep.Restock restock => await _stock.Restock(state, restock.Return, context),
        OrderStep.Erase => await _payment.Erasable(state, context),
        OrderStep.ErasePayments => await _payment.Erase(state, context),
        OrderStep.Refund refund => await _payment.Refund(state, refund.Return, context),
        _ => throw new InvalidOperationException($"An order does not know the step {step.Name}."),
    };

    private async Task<Outcome> Secure(OrderState state, StepContext context)
    {
        if (state.Status == OrderStatus.Placed && await _stock.Hold(state, context) is var (code, reason))
            return new Outcome.Done(s => OrderRules.Failed(s, code, reason));
        return state.Total.Minor == 0
            ? new Outcome.Done(s => OrderRules.Confirmed(s, null))
            : await _payment.Authorize(state, context);
    }

    // Goods first: what is not on the shelf is not charged. It is given up before anything is put back: taken again, the step would find
    // the goods posted, perhaps get the money by then, and ship what is on the shelf (decision 19).
    private async Task<Outcome> Ship(OrderState state, Shipment shipment, StepContext context)
    {
        var (posted, missing) = await _stock.Post(state, shipment, context);
        if (missing is not null) return GiveUp(missing);
        var captured = await _payment.Capture(state, shipment, context);
        if (PaymentSteps.News(state, captured.Payments, _context.Now) is { } news) return news;
        if (captured.Refused is { } refused) return GiveUp(refused);
        return captured.Waiting is null
            ? new Outcome.Done(s => OrderRules.Shipped(s, shipment.Id, captured.Payments))
            : new Outcome.Wait(s => OrderRules.AwaitingCapture(s, shipment.Id, captured.Waiting));

        Outcome GiveUp(string reason) => new Outcome.Done(s => OrderRules.GivenUp(s, shipment.Id, posted, reason));
    }

    // Stock first: others may be waiting for it, and the provider may be away.
    private async Task<Outcome> Release(OrderState state, StepContext context)
    {
        await _stock.Release(state, context);
        return await _payment.Release(state, context);
    }

    private static bool IsSettled(OrderState state) => OrderToCash.Next(state) is null;

    private OrderAnswer Answer(OrderState state, long version) => new(Id, state.Status!.Value, state.Total, version);

    private OrderView View(OrderState state, long version) => new(
        Id, state.Status!.Value, IsSettled(state), state.Waiting, state.Closing?.Reason, state.CustomerId, state.Guest,
        state.Total, state.Lines, state.Shipments, state.Returns, state.Captures, state.Refunds, state.Payments,
        state.AmountDue, state.ShippingAddress, state.BillingAddress ?? state.ShippingAddress, state.PaymentId, state.Reference,
        state.OrderedAt, state.PlacedAt, [.. OrderRules.AllowedMoves(state).Select(EnumWords.Of)], version,
        state.Channel);
}
