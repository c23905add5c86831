using Commerce.Kernel;
using Commerce.Inventory;

namespace Commerce.Grains;

/// <summary>The stock of one SKU, with an address in the cluster.</summary>
[GrainType("stock")]
internal sealed class StockGrain(IGrainContext context, EntityHost host) : EntityGrain<IStock>(context, host), IStockGrain
{
    public Task<Answer<StockLevel>> Receive(ReceiveStock command, Call call) => Entity.Receive(command, call);

    public Task<Answer<StockLevel>> Adjust(AdjustStock command, Call call) => Entity.Adjust(command, call);

    public Task<Answer<StockLevel>> Hold(HoldStock command, Call call) => Entity.Hold(command, call);

    public Task<Answer<StockLevel>> Post(PostHold command, Call call) => Entity.Post(command, call);

    public Task<Answer<StockLevel>> Void(VoidHold command, Call call) => Entity.Void(command, call);

    public Task<Answer<StockLevel>> Return(ReturnStock command, Call call) => Entity.Return(command, call);

    public Task<Answer<StockLevel>> AllowBackorder(AllowBackorder command, Call call) => Entity.AllowBackorder(command, call);

    public Task<StockLevel?> Get() => Entity.Get();
}
