using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Grains;

/// <summary>An order, with an address in the cluster.</summary>
[GrainType("order")]
internal sealed class OrderGrain(IGrainContext context, EntityHost host) : EntityGrain<IOrder>(context, host), IOrderGrain
{
    public Task<Result<OrderReceipt>> Place(PlaceOrder command, CallContext call) => Entity.Place(command, call);

    public Task<Result<OrderReceipt>> Cancel(CancelOrder command, CallContext call) => Entity.Cancel(command, call);

    public Task<Result<OrderReceipt>> Ship(ShipOrder command, CallContext call) => Entity.Ship(command, call);

    public Task<Result<OrderReceipt>> Return(ReturnItems command, CallContext call) => Entity.Return(command, call);

    public Task<Result<OrderReceipt>> Lapse(LapseOrder command, CallContext call) => Entity.Lapse(command, call);

    public Task Continue(CallContext call) => Entity.Continue(call);

    public Task<OrderView?> Get() => Entity.Get();

    public Task<OrderView?> WhenSettled(DateTimeOffset deadline) => Entity.WhenSettled(deadline);
}
