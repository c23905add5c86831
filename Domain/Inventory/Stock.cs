using Commerce.Kernel;

namespace Commerce.Inventory;

internal sealed class Stock(EntityContext context) : IStock
{
    private readonly Decider<StockState, StockFact> _stock = context.Decider(StockRules.Definition);

    public Task<Result<StockLevel>> Receive(ReceiveStock command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Receive(s, command, context.Now), View);

    public Task<Result<StockLevel>> Adjust(AdjustStock command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Adjust(s, command, context.Now), View);

    public Task<Result<StockLevel>> Hold(HoldStock command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Hold(s, command), View);

    public Task<Result<StockLevel>> Post(PostHold command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Post(s, command, context.Now), View);

    public Task<Result<StockLevel>> Unpost(UnpostHold command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Unpost(s, command, context.Now), View);

    public Task<Result<StockLevel>> Void(VoidHold command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Void(s, command), View);

    public Task<Result<StockLevel>> Return(ReturnStock command, CallContext call) =>
        _stock.Decide(call, s => StockRules.Return(s, command, context.Now), View);

    public Task<Result<StockLevel>> AllowBackorder(AllowBackorder command, CallContext call) =>
        _stock.Decide(call, s => StockRules.AllowBackorder(s, command), View);

    public Task<StockLevel?> Get() => _stock.Read(View);

    private StockLevel View(StockState state, long version) =>
        new(context.Key, state.OnHand, state.Holds.Held, state.Backorder, version);
}
