using Commerce.Kernel;
using Commerce.Catalogue;

namespace Commerce.Grains;

/// <summary>A product, with an address in the cluster.</summary>
[GrainType("product")]
internal sealed class ProductGrain(IGrainContext context, EntityHost host) : EntityGrain<IProduct>(context, host), IProductGrain
{
    public Task<Result<ProductView>> Create(CreateProduct command, CallContext call) => Entity.Create(command, call);

    public Task<Result<ProductView>> Revise(ReviseProduct command, CallContext call) => Entity.Revise(command, call);

    public Task<Result<ProductView>> SetPrice(Price command, CallContext call) => Entity.SetPrice(command, call);

    public Task<Result<ProductView>> Withdraw(CallContext call) => Entity.Withdraw(call);

    public Task<Result<ProductView>> Reinstate(CallContext call) => Entity.Reinstate(call);

    public Task<ProductView?> Get() => Entity.Get();
}
