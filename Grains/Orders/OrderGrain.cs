using Commerce.Kernel;
using Commerce.Orders;

namespace Commerce.Grains;

/// <summary>An order, with an address in the cluster.</summary>
[GrainType("order")]
internal sealed class OrderGrain(IGrainContext context, EntityHost host) : EntityGrain<IOrder>(context, host), IOrderGrain
{
    public Task<Answer<OrderReceipt>> Place(PlaceOrder command, Call call) => Entity.Place(command, call);

    public Task<Answer<OrderReceipt>> Cancel(CancelOrder command, Call call) => Entity.Cancel(command, call);

    public Task<Answer<OrderReceipt>> Ship(ShipOrder command, Call call) => Entity.Ship(command, call);

    public Task<Answer<OrderReceipt>> Return(ReturnItems command, Call call) => Entity.Return(command, call);

    public Task<Answer<OrderReceipt>> Lapse(LapseOrder command, Call call) => Entity.Lapse(command, call);

    public Task Continue(Call call) => Entity.Continue(call);

    public Task<OrderView?> Get() => Entity.Get();

    public Task<OrderView?> WhenSettled(DateTimeOffset deadline) => Entity.WhenSettled(deadline);
}
