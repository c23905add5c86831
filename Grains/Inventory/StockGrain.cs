using Commerce.Kernel;
using Commerce.Inventory;

namespace Commerce.Grains;

/// <summary>The stock of one SKU, with an address in the cluster.</summary>
[GrainType("stock")]
internal sealed class StockGrain(IGrainContext context, EntityHost host) : EntityGrain<IStock>(context, host), IStockGrain
{
    public Task<Result<StockLevel>> Receive(ReceiveStock command, CallContext call) => Entity.Receive(command, call);

    public Task<Result<StockLevel>> Adjust(AdjustStock command, CallContext call) => Entity.Adjust(command, call);

    public Task<Result<StockLevel>> Hold(HoldStock command, CallContext call) => Entity.Hold(command, call);

    public Task<Result<StockLevel>> Post(PostHold command, CallContext call) => Entity.Post(command, call);

    public Task<Result<StockLevel>> Void(VoidHold command, CallContext call) => Entity.Void(command, call);

    public Task<Result<StockLevel>> Return(ReturnStock command, CallContext call) => Entity.Return(command, call);

    public Task<Result<StockLevel>> AllowBackorder(AllowBackorder command, CallContext call) => Entity.AllowBackorder(command, call);

    public Task<StockLevel?> Get() => Entity.Get();
}
