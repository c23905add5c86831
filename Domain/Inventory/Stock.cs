using Commerce.Kernel;

namespace Commerce.Inventory;

/// <summary>The stock of one SKU, with an address.</summary>
public sealed class Stock(EntityContext context) : Entity<StockState, StockFact>(context), IStock
{
    /// <inheritdoc/>
    protected override StockState Initial => StockState.Initial;

    /// <inheritdoc/>
    protected override string Shape => "stock/1";

    /// <inheritdoc/>
    public Task<Result<StockLevel>> Receive(ReceiveStock command, CallContext call) =>
        Execute(call, s => StockRules.Receive(s, command, Now), View);

    /// <inheritdoc/>
    public Task<Result<StockLevel>> Adjust(AdjustStock command, CallContext call) =>
        Execute(call, s => StockRules.Adjust(s, command, Now), View);

    /// <inheritdoc/>
    public Task<Result<StockLevel>> Hold(HoldStock command, CallContext call) =>
        Execute(call, s => StockRules.Hold(s, command), View);

    /// <inheritdoc/>
    public Task<Result<StockLevel>> Post(PostHold command, CallContext call) =>
        Execute(call, s => StockRules.Post(s, command, Now), View);

    /// <inheritdoc/>
    public Task<Result<StockLevel>> Void(VoidHold command, CallContext call) =>
        Execute(call, s => StockRules.Void(s, command), View);

    /// <inheritdoc/>
    public Task<Result<StockLevel>> Return(ReturnStock command, CallContext call) =>
        Execute(call, s => StockRules.Return(s, command, Now), View, keepAlways: false); // who is refused comes again when there is room

    /// <inheritdoc/>
    public Task<Result<StockLevel>> AllowBackorder(AllowBackorder command, CallContext call) =>
        Execute(call, s => StockRules.AllowBackorder(s, command), View);

    /// <inheritdoc/>
    public async Task<StockLevel?> Get()
    {
        var (state, version) = await Read();
        return version == 0 ? null : View(state, version);
    }

    /// <inheritdoc/>
    public override async Task Wake()
    {
        var now = Now;
        await Execute(new CallContext($"expire/{now:O}", Caller.System, now.AddSeconds(30)), s => StockRules.Expire(s, now), View);
    }

    /// <inheritdoc/>
    protected override StockState Evolve(StockState state, StockFact fact) => StockRules.Evolve(state, fact);

    /// <inheritdoc/>
    protected override DateTimeOffset? WakeAt(StockState state) =>
        state.Holds.WakeAt <= Now ? state.Holds.Rewound().WakeAt : state.Holds.WakeAt;

    private StockLevel View(StockState state, long version) => new(Key, state.OnHand, state.Holds.Held, state.Backorder, version);
}
